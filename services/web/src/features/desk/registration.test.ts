import { expect, test } from "vitest";
import type { Case } from "../../api/model";
import { nextDay } from "./DeskDialogs";
import { check, propose, toRequest } from "./registration";

const item = {
  sender_role: "PERSONAL",
  case_type: null,
  unit: { id: "u1", name: "Ålsta" },
  category: "LKM.UTEBLIVEN_DOS",
  registration_proposal: { case_type: "AVVIKELSE", subject_suggestions: ["Läkemedel, utebliven dos"] },
} as unknown as Case;

test("a report from staff is proposed as a deviation with secrecy on", () => {
  expect(propose(item)).toMatchObject({
    case_type: "AVVIKELSE",
    secrecy: "SEKRETESS",
    subject: "Läkemedel, utebliven dos",
    unit_id: "u1",
    assign: true,
  });
  expect(check(propose(item))).toEqual({});
});

test("without a category the one that the words suggest is proposed", () => {
  const proposal = {
    ...item.registration_proposal,
    category: "LKM.FEL_DOS",
  } as Case["registration_proposal"];
  expect(
    propose({ ...item, category: null, registration_proposal: proposal } as unknown as Case).category,
  ).toBe("LKM.FEL_DOS");
  expect(propose({ ...item, registration_proposal: proposal }).category).toBe("LKM.UTEBLIVEN_DOS");
});

test("what is set aside returns on a working day", () => {
  expect(nextDay(new Date(2026, 10, 20))).toBe("2026-11-23"); // a Friday
  expect(nextDay(new Date(2026, 10, 30))).toBe("2026-12-01");
});

test("a subject with an identity number is refused, because it may be read by anyone", () => {
  expect(check({ ...propose(item), subject: "Fel dos 19121212-1212" }).subject).toContain("personnummer");
});

test("a case without a unit cannot be handed on", () => {
  const form = { ...propose(item), unit_id: "" };
  expect(check(form)).toHaveProperty("unit_id");
  expect(check({ ...form, assign: false })).toEqual({});
});

test("the kind of a view is sent only for a view", () => {
  expect(toRequest({ ...propose(item), synpunkt_kind: "BEROM" }).synpunkt_kind).toBeUndefined();
});
