import { expect, test } from "vitest";
import { dateLong, dateShort, daysUntil, dueWords, monthName, monthTick, number, t } from "./i18n";

test("a text takes its words and its plural form", () => {
  expect(t("list.count", { n: 1 })).toBe("1 ärende");
  expect(t("list.count", { n: 1240 })).toMatch(/^1\s240 ärenden$/);
  expect(t("error.load", { what: "Ärendet" })).toBe("Ärendet gick inte att hämta.");
});

test("dates and numbers are written the Swedish way", () => {
  expect(dateLong("2026-11-22T12:00:00Z")).toBe("22 november 2026");
  expect(dateShort("2026-11-22T23:30:00Z")).toBe("2026-11-23");
  expect(number(38.94)).toBe("38,9");
  expect(monthName("2026-02-01")).toBe("februari 2026");
  expect(monthTick("2026-02")).toBe("feb 26");
});

test("time left is told in words", () => {
  const now = new Date("2026-11-22T10:00:00Z");
  expect(dueWords("2026-11-19", now)).toEqual({ text: "försenad 3 dagar", tone: "danger" });
  expect(dueWords("2026-11-21", now).text).toBe("försenad 1 dag");
  expect(dueWords("2026-11-22", now)).toEqual({ text: "i dag", tone: "warn" });
  expect(dueWords("2026-12-04", now)).toEqual({ text: "12 dagar kvar", tone: "plain" });
});

test("days are counted in Swedish local dates, also over the change to winter time", () => {
  expect(daysUntil("2026-10-26T12:00:00Z", new Date("2026-10-24T22:30:00Z"))).toBe(1);
});
