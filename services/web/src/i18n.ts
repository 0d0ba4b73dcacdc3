// Typed texts. Keys are the ones of locales/sv.json, which every page carries, and of locales/sv.office.json, which only
// the office app adds (app/texts.ts); plural forms end in _one and _other there and are asked for without the ending.
// An unknown key does not compile.
import sv from "../locales/sv.json";
import type office from "../locales/sv.office.json";

type Raw = keyof typeof sv | keyof typeof office;
type Plural<K extends string> = K extends `${infer Base}_${"one" | "other"}` ? Base : never;
export type Key = Exclude<Raw, `${string}_${"one" | "other"}`> | Plural<Raw>;
export type Params = Record<string, string | number>;

export const lang = "sv";
const locale = "sv-SE";
const texts: Record<string, string> = { ...sv };
const plural = new Intl.PluralRules(locale);

/** A page that needs more words than every page does brings them before it is drawn. */
export const addTexts = (more: Record<string, string>) => void Object.assign(texts, more);

export function t(key: Key, params: Params = {}): string {
  const n = params.n;
  const form = typeof n === "number" ? texts[`${key}_${plural.select(n)}`] : undefined;
  const text = form ?? texts[key] ?? texts[`${key}_other`] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? number(value) : value;
  });
}

const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const long = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "Europe/Stockholm" });
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone: "Europe/Stockholm" });
const iso = new Intl.DateTimeFormat(locale, { dateStyle: "short", timeZone: "Europe/Stockholm" });
const monthLong = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
const monthShort = new Intl.DateTimeFormat(locale, { month: "short", timeZone: "UTC" });

/** 1 234,5 */
export const number = (value: number) => numbers.format(value);
/** 22 november 2026, for running text */
export const dateLong = (value: string | Date) => long.format(new Date(value));
/** 2026-11-22, for tables */
export const dateShort = (value: string | Date) => iso.format(new Date(value));
/** 14:05 */
export const time = (value: string | Date) => clock.format(new Date(value));
/** 2026-11-22 14:05 */
export const dateTime = (value: string | Date) => `${dateShort(value)} ${time(value)}`;

/** "2026-02" or "2026-02-01" becomes "februari 2026" */
export const monthName = (value: string) => monthLong.format(new Date(`${value.slice(0, 7)}-01T00:00:00Z`));
/** "2026-02" becomes "feb 26" */
export const monthTick = (value: string) =>
  `${monthShort
    .format(new Date(`${value.slice(0, 7)}-01T00:00:00Z`))
    .replace(".", "")
    .slice(0, 4)} ${value.slice(2, 4)}`;

/** Calendar days from today to a date, in Swedish local dates; negative when the date has passed. */
export function daysUntil(due: string, now: Date = new Date()): number {
  const day = (date: Date) => Date.parse(`${dateShort(date)}T00:00:00Z`);
  return Math.round((day(new Date(due)) - day(now)) / 86_400_000);
}

/** Time left as words: "försenad 3 dagar", "i dag", "2 dagar kvar". */
export function dueWords(
  due: string,
  now: Date = new Date(),
): { text: string; tone: "danger" | "warn" | "plain" } {
  const days = daysUntil(due, now);
  if (days < 0) return { text: t("due.late", { n: -days }), tone: "danger" };
  if (days === 0) return { text: t("due.today"), tone: "warn" };
  return { text: t("due.days", { n: days }), tone: days <= 2 ? "warn" : "plain" };
}
