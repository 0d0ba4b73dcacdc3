import { expect, test } from "vitest";
import type { Session } from "../api/model";
import { menuOf } from "./menu";

const session = (roles: string[], permissions: string[]) => ({ roles, permissions }) as unknown as Session;
const labels = (...given: Parameters<typeof session>) => menuOf(session(...given)).map((item) => item.label);

test("a care worker finds reporting first", () => {
  expect(labels(["medarbetare"], ["case:report", "case:list-own", "measure:list"])).toEqual([
    "Rapportera",
    "Mina rapporter",
    "Åtgärder",
  ]);
});

test("a manager begins in the inbox, a head of department with the questions", () => {
  const permissions = ["case:list", "case:assess", "consultation:list", "measure:list", "case:report"];
  expect(labels(["chef"], permissions)[0]).toBe("Inkorg");
  expect(labels(["avdelningschef"], permissions)[0]).toBe("Att bedöma");
  expect(labels(["avdelningschef"], permissions).filter((label) => label === "Att bedöma")).toHaveLength(1);
});

test("who has no list of her own begins with her day, who has one finds it beside it", () => {
  expect(labels(["lex_ansvarig"], ["day:read", "case:list-own"])[0]).toBe("Mina rapporter");
  expect(labels(["mas"], ["day:read"])).toEqual(["Min dag"]);
  expect(labels(["chef"], ["case:list", "case:assess", "day:read"])).toEqual(["Inkorg", "Min dag"]);
});

test("the city office sees the city and no list of cases", () => {
  expect(labels(["slk"], ["city:read", "code:list"])).toEqual(["Staden"]);
});
