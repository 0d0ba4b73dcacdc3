import { expect, test } from "vitest";
import { groupOf, placeOf } from "./tasks";

test("what is late stands first, then what is due today, then the rest", () => {
  expect(groupOf({ late: true, today: false })).toBe("late");
  expect(groupOf({ late: false, today: true })).toBe("today");
  expect(groupOf({ late: false, today: false })).toBe("later");
});

test("each thing is done where it is done, not only looked at", () => {
  expect(placeOf({ place: "desk", case_id: "1" })).toBe("/registrera/1");
  expect(placeOf({ place: "consultations", case_id: "1" })).toBe("/att-bedoma");
  expect(placeOf({ place: "case", case_id: "1" })).toBe("/arenden/1");
});
