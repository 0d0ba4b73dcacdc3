import { expect, test } from "vitest";
import { blankTakenDown, check, toRequest } from "./form";

const today = "2026-11-22";
const call = {
  ...blankTakenDown(today),
  channel: "MUNTLIG_TELEFON",
  sender_role: "ANHORIG",
  narrative: "Ingen kom i söndags.",
  note: "Samtal kl 10, uppläst och godkänt.",
};

test("a call needs a note of how it went", () => {
  expect(check(call, today)).toEqual({});
  expect(check({ ...call, note: "" }, today)).toEqual({ note: "Skriv hur samtalet gick till" });
  expect(check({ ...call, channel: "BREV", note: "" }, today)).toEqual({});
});

test("a wish for an answer needs a way to give it", () => {
  expect(check({ ...call, wants_reply: "EPOST" }, today)).toHaveProperty("email");
  expect(check({ ...call, wants_reply: "KOD", anonymous: true }, today)).toEqual({});
  expect(check({ ...call, wants_reply: "BREV", anonymous: true }, today)).toHaveProperty("wants_reply");
});

test("who is anonymous leaves no contact behind, even if something was typed", () => {
  expect(toRequest({ ...call, name: "Någon", anonymous: true }).contact).toBeUndefined();
  expect(toRequest({ ...call, name: "Någon" }).contact).toMatchObject({ name: "Någon" });
});

test("a letter cannot have come tomorrow", () => {
  expect(check({ ...call, arrived_on: "2026-11-23" }, today)).toHaveProperty("arrived_on");
});
