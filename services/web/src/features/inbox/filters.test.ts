import { expect, test } from "vitest";
import { readFilters, withFilter } from "./filters";

test("filters survive the address and back", () => {
  const params = withFilter(withFilter(new URLSearchParams(), "late", "true"), "unit_id", "u1");
  expect(params.toString()).toBe("forsenade=ja&enhet=u1");
  expect(readFilters(params, "NYA")).toEqual({
    group: "NYA",
    unit_id: "u1",
    case_type: "",
    category: "",
    late: "true",
  });
});

test("an emptied filter leaves the address", () => {
  expect(withFilter(new URLSearchParams("enhet=u1&status=ALLA"), "unit_id", "").toString()).toBe(
    "status=ALLA",
  );
});
