// The investigation as data, and how two people's texts are brought together.
import { t } from "../../i18n";
import type { Investigation } from "../../api/model";

export const sections = [
  {
    name: "background",
    label: t("case.bakgrund"),
    hint: t("case.vem_var_och_i_vilket"),
  },
  {
    name: "course",
    label: t("case.vad_hande"),
    hint: t("case.handelseforloppet_i_tidsordning_med_klockslag"),
  },
  {
    name: "causes_text",
    label: t("case.varfor_hande_det"),
    hint: t("case.fraga_varfor_fem_ganger_skriv"),
  },
  { name: "conclusion", label: t("case.slutsats"), hint: t("case.vad_kom_du_fram_till") },
] as const;

export const grades = [
  "actual_severity",
  "severity",
  "probability",
  "severity_after",
  "probability_after",
] as const;

type Text = (typeof sections)[number]["name"];
type Grade = (typeof grades)[number];
export type Fields = Record<Text, string> & Record<Grade, number | null>;
export type FieldName = keyof Fields;

export function fieldsOf(stored: Investigation | null): Fields {
  const texts = sections.map(({ name }) => [name, stored?.[name] ?? ""]);
  const numbers = grades.map((name) => [name, stored?.[name] ?? null]);
  return Object.fromEntries([...texts, ...numbers]) as Fields;
}

/** A grade that is not chosen is left out. */
export const toRequest = (fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

export type Clash = { name: FieldName; mine: string | number | null; theirs: string | number | null };

/** Three texts: what both started from, mine, and what somebody else saved. What only one of us changed
 *  is taken; what both changed is for a person to choose. */
export function merge(base: Fields, mine: Fields, theirs: Fields): { merged: Fields; clashes: Clash[] } {
  const merged: Record<string, string | number | null> = {};
  const clashes: Clash[] = [];
  for (const name of Object.keys(base) as FieldName[]) {
    const iChanged = mine[name] !== base[name];
    const theyChanged = theirs[name] !== base[name];
    merged[name] = iChanged ? mine[name] : theirs[name];
    if (iChanged && theyChanged && mine[name] !== theirs[name])
      clashes.push({ name, mine: mine[name], theirs: theirs[name] });
  }
  return { merged: merged as Fields, clashes };
}
