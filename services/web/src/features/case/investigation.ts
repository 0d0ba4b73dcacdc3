// The investigation as data, and how two people's texts are brought together.
import type { Investigation, InvestigationBody } from "../../api/model";

export const base = ["background", "course", "causes_text", "conclusion"] as const;
export const grades = [
  "actual_severity",
  "severity",
  "probability",
  "severity_after",
  "probability_after",
] as const;

export type Grade = (typeof grades)[number];
export type Ground = Investigation["risks"][number]["ground"];
type Value = string | number | null;
/** Everything that is typed or chosen, by name: "text:conclusion", "SOL_LSS:severity", "HSL:harm_kinds" (codes with commas). */
export type Fields = Record<string, Value>;

export const textName = (code: string) => `text:${code}`;
export const riskName = (ground: Ground, what: Grade | "harm_kinds") => `${ground}:${what}`;

export function fieldsOf(stored: Investigation): Fields {
  const fields: Fields = {};
  for (const { code } of stored.template.sections) {
    const own = base.find((name) => name === code);
    fields[textName(code)] = own ? stored[own] : (stored.more[code] ?? "");
  }
  for (const risk of stored.risks) {
    fields[riskName(risk.ground, "harm_kinds")] = (risk.harm_kinds ?? []).join(",");
    for (const name of grades) fields[riskName(risk.ground, name)] = risk[name] ?? null;
  }
  return fields;
}

export const kindsOf = (value: Value | undefined) =>
  typeof value === "string" && value ? value.split(",") : [];

/** What is sent. A grade that is not chosen is left out. */
export function toRequest(fields: Fields): InvestigationBody {
  const more: Record<string, string> = {};
  const texts = { background: "", course: "", causes_text: "", conclusion: "" };
  const risks = new Map<string, Record<string, unknown>>();
  for (const [name, value] of Object.entries(fields)) {
    const [of = "", what = ""] = name.split(":");
    if (of === "text") {
      const own = base.find((one) => one === what);
      if (own) texts[own] = String(value ?? "");
      else if (value) more[what] = String(value);
      continue;
    }
    const risk = risks.get(of) ?? { ground: of };
    if (what === "harm_kinds") risk[what] = kindsOf(value);
    else if (value !== null) risk[what] = value;
    risks.set(of, risk);
  }
  return { ...texts, more, risks: [...risks.values()] as unknown as NonNullable<InvestigationBody["risks"]> };
}

export type Clash = { name: string; mine: Value; theirs: Value };

/** Three texts: what both started from, mine, and what somebody else saved. What only one of us changed
 *  is taken; what both changed is for a person to choose. */
export function merge(from: Fields, mine: Fields, theirs: Fields): { merged: Fields; clashes: Clash[] } {
  const merged: Fields = {};
  const clashes: Clash[] = [];
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const [before = "", my = "", their = ""] = [from[name], mine[name], theirs[name]];
    const iChanged = my !== before;
    const theyChanged = their !== before;
    merged[name] = (iChanged ? mine[name] : theirs[name]) ?? null;
    if (iChanged && theyChanged && my !== their)
      clashes.push({ name, mine: mine[name] ?? null, theirs: theirs[name] ?? null });
  }
  return { merged, clashes };
}

/** The least severity that kinds of harm speak for; the server says the same of what is saved. */
const least: Record<string, number> = { PSYKISK_ORO: 1, PSYKISK_KRANKNING: 3 };
export const suggested = (kinds: readonly string[]) => Math.max(0, ...kinds.map((kind) => least[kind] ?? 0));
