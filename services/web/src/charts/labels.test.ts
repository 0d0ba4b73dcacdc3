import { expect, test } from "vitest";
import { apart } from "./Spc";

test("the texts of close limits stand under each other, those far apart at their lines", () => {
  expect(apart([20, 150, 280], 14, 290)).toEqual([20, 150, 280]);
  expect(apart([100, 104, 108], 14, 290)).toEqual([100, 117, 134]);
  expect(apart([270, 280, 288], 14, 290)).toEqual([256, 273, 290]);
});
