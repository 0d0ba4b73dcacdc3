import { expect, test } from "vitest";
import type { Investigation } from "../../api/model";
import { fieldsOf, merge, riskName, suggested, textName, toRequest } from "./investigation";

const stored = {
  template: {
    version: "utredning-2",
    name: "Utredning",
    sections: ["background", "course", "earlier", "causes_text", "conclusion"].map((code) => ({
      code,
      label: code,
      hint: "",
      required: false,
    })),
  },
  background: "Kväll",
  course: "Kl 19",
  causes_text: "",
  conclusion: "",
  more: { earlier: "Ja" },
  risks: [{ ground: "SOL_LSS", severity: 2, probability: 3, harm_kinds: ["PSYKISK_ORO"] }],
} as unknown as Investigation;
const base = fieldsOf(stored);
const course = textName("course");

test("what is fetched is what is sent, also the template's own sections and each ground's risk", () => {
  expect(toRequest(base)).toEqual({
    background: "Kväll",
    course: "Kl 19",
    causes_text: "",
    conclusion: "",
    more: { earlier: "Ja" },
    risks: [{ ground: "SOL_LSS", severity: 2, probability: 3, harm_kinds: ["PSYKISK_ORO"] }],
  });
});

test("what only one of two has changed is kept from both", () => {
  const severity = riskName("SOL_LSS", "severity");
  const { merged, clashes } = merge(
    base,
    { ...base, [textName("earlier")]: "Ja, i våras" },
    { ...base, [severity]: 3 },
  );
  expect(merged).toMatchObject({ [textName("earlier")]: "Ja, i våras", [course]: "Kl 19", [severity]: 3 });
  expect(clashes).toEqual([]);
});

test("what both have changed is for a person to choose, and mine stays until then", () => {
  const { merged, clashes } = merge(base, { ...base, [course]: "Kl 19.30" }, { ...base, [course]: "Kl 20" });
  expect(merged[course]).toBe("Kl 19.30");
  expect(clashes).toEqual([{ name: course, mine: "Kl 19.30", theirs: "Kl 20" }]);
});

test("the same change made twice is no clash", () => {
  expect(merge(base, { ...base, [course]: "20" }, { ...base, [course]: "20" }).clashes).toEqual([]);
});

test("worry counts, and a violation that lasts counts much", () => {
  expect(suggested([])).toBe(0);
  expect(suggested(["PSYKISK_ORO", "FYSISK"])).toBe(1);
  expect(suggested(["PSYKISK_ORO", "PSYKISK_KRANKNING"])).toBe(3);
});
