import { expect, test } from "vitest";
import { blankReport, check, fromDraft, toRequest } from "./form";

const now = new Date("2026-11-22T14:05:00");
const filled = { ...blankReport("unit-1"), narrative: "  Kvällsdosen gavs inte. " };

test("a place and a sentence are enough", () => {
  expect(check(filled, now)).toEqual({});
  expect(check(blankReport(""), now)).toEqual({ unit_id: "Välj enhet", narrative: "Skriv vad som hände" });
});

test("what nobody knows is sent as unknown, and just now has no time", () => {
  expect(toRequest(filled, now)).toMatchObject({
    harm: "OKANT",
    category: undefined,
    happened_at: undefined,
    narrative: "Kvällsdosen gavs inte.",
  });
});

test("a time that has not been is refused", () => {
  expect(check({ ...filled, when: "ANNAN", date: "2026-11-23" }, now)).toEqual({
    date: "Tiden har inte varit än",
  });
  expect(check({ ...filled, when: "ANNAN" }, now)).toEqual({ date: "Välj datum" });
  expect(check({ ...filled, when: "IDAG", clock: "13:00" }, now)).toEqual({});
});

test("a draft of an older form keeps what still fits and its key", () => {
  const report = fromDraft({ key: "k1", narrative: "text", harm: 7, gone: true }, "unit-1");
  expect(report).toMatchObject({ key: "k1", narrative: "text", harm: "", unit_id: "unit-1" });
  expect(report).not.toHaveProperty("gone");
});
