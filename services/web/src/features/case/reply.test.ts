import { expect, test } from "vitest";
import type { Case } from "../../api/model";
import { moves, startValues } from "./moves";

const starts = (item: Partial<Case>) => {
  const reply = moves.reply;
  if (!reply) throw new Error("no move reply");
  return startValues(reply, { wants_reply: "NEJ", ...item } as Case);
};

test("a colleague who reported is answered, somebody who wants no answer is not", () => {
  expect(starts({ reporter: { id: "1", name: "Stefan Nasser" } }).sends).toBe("JA");
  expect(starts({ reporter: null }).sends).toBe("NEJ");
});

test("a case that was opened again asks anew how it is answered", () => {
  const investigation = { conclusion: "Klart." } as Case["investigation"];
  expect(starts({ investigation, state: "assessing" }).response_level).toBe("");
  expect(starts({ investigation, state: "investigating" }).response_level).toBe("UTREDNING");
});
