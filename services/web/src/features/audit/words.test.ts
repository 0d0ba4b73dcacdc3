import { expect, test } from "vitest";
import { csv, readerOf } from "./words";

test("a name that begins like a formula is text in the spreadsheet", () => {
  expect(csv([["=1+1", 'a"b']])).toBe('\uFEFF"\'=1+1";"a""b"\r\n');
});

test("whoever has no name is told apart by kind", () => {
  expect(readerOf({ actor_name: null, kind: "PUBLIC" })).not.toBe(
    readerOf({ actor_name: null, kind: "JOB" }),
  );
});
