// What the server says about a run of months. All statistics are made there; here they are only drawn.
// A value of null is protected: it is not known in the browser, and nothing may be drawn for it.
import { monthName, number, t } from "../i18n";

export type Rule = "outside" | "run" | "outer_third";
/** A month that is not over yet is shown, but nothing is said about it. */
export type Point = { x: string; y: number | null; rule?: Rule | null; incomplete?: boolean };
export type Phase = {
  from: string;
  to: string;
  mean: number | null;
  ucl?: number | null;
  lcl?: number | null;
  reason?: string | null;
};
export type Series = {
  name: string;
  points: Point[];
  phases: Phase[];
  /** The sentence above the chart. */
  summary: string;
  /** The server's own words for the picture; made here when there are none. */
  description?: string;
};

export const ruleWords: Record<Rule, string> = {
  outside: t("chart.outside"),
  run: t("chart.run"),
  outer_third: t("chart.zone"),
};

/** "februari 2026: 46, utanför kontrollgräns" */
export function pointWords(point: Point): string {
  const value = point.y === null ? t("chart.suppressed") : number(point.y);
  const rule = point.y !== null && point.rule ? `, ${ruleWords[point.rule]}` : "";
  const open = point.incomplete ? `, ${t("chart.incomplete")}` : "";
  return `${monthName(point.x)}: ${value}${rule}${open}`;
}

/** The text that replaces the picture: range, every signal, how many months are protected. */
export function describe(series: Series): string {
  if (series.description) return series.description;
  const known = series.points.filter((point) => point.y !== null);
  const first = series.points[0];
  const last = series.points.at(-1);
  if (!first || !last) return t("chart.empty");
  const values = known.map((point) => point.y ?? 0);
  const parts: string[] = [];
  if (values.length > 0) {
    parts.push(
      t("chart.desc_range", {
        from: monthName(first.x),
        to: monthName(last.x),
        min: number(Math.min(...values)),
        max: number(Math.max(...values)),
      }),
    );
  }
  const signals = known.filter((point) => point.rule);
  parts.push(signals.length > 0 ? `${signals.map(pointWords).join("; ")}.` : t("chart.desc_none"));
  const hidden = series.points.length - known.length;
  if (hidden > 0) parts.push(`${t("chart.suppressed_months", { n: hidden })}.`);
  return parts.join(" ");
}
