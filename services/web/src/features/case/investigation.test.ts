import { expect, test } from "vitest";
import { fieldsOf, merge } from "./investigation";

const base = { ...fieldsOf(null), background: "Kväll", course: "Kl 19", severity: 2 };

test("what only one of two has changed is kept from both", () => {
  const { merged, clashes } = merge(
    base,
    { ...base, background: "Kväll, två vikarier" },
    { ...base, severity: 3 },
  );
  expect(merged).toMatchObject({ background: "Kväll, två vikarier", course: "Kl 19", severity: 3 });
  expect(clashes).toEqual([]);
});

test("what both have changed is for a person to choose, and mine stays until then", () => {
  const { merged, clashes } = merge(base, { ...base, course: "Kl 19.30" }, { ...base, course: "Kl 20" });
  expect(merged.course).toBe("Kl 19.30");
  expect(clashes).toEqual([{ name: "course", mine: "Kl 19.30", theirs: "Kl 20" }]);
});

test("the same change made twice is no clash", () => {
  expect(merge(base, { ...base, severity: 4 }, { ...base, severity: 4 }).clashes).toEqual([]);
});
