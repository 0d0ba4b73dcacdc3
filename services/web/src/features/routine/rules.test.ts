import { expect, test } from "vitest";
import type { Rules } from "../../api/model";
import { consultWords, withDeadline } from "./rules";

const rules = {
  deadlines: { register: { amount: 1, unit: "WORKING_DAY", warn_before: 0, escalate_after: 1 } },
} as unknown as Rules;

test("one deadline is changed and the rest left as it is", () => {
  expect(withDeadline(rules, "register", "amount", "3").deadlines.register).toMatchObject({
    amount: 3,
    escalate_after: 1,
  });
  expect(withDeadline(rules, "register", "amount", "").deadlines.register?.amount).toBe(0);
  expect(withDeadline(rules, "unknown", "amount", "3")).toBe(rules);
  expect(rules.deadlines.register?.amount).toBe(1);
});

test("samråd in every case is said so", () => {
  expect(consultWords(0)).toBe("i alla ärenden");
  expect(consultWords(8)).toContain("8");
});
