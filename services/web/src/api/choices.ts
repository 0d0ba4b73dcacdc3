// Code lists, units and people as choices of a form.
import { t } from "../i18n";
import type { Option } from "../ui";
import type { Code, Person, Unit } from "./model";

/** Sub-codes stand under the heading of their main code, which can be chosen as well. */
export function asOptions(list: readonly Code[]): (Option & { hint?: string | undefined })[] {
  const mains = list.filter((code) => !code.parent);
  if (mains.length === list.length) {
    return list
      .filter((code) => !code.off)
      .map((code) => ({ value: code.code, label: code.label, hint: code.help }));
  }
  return mains.flatMap((main) => {
    const subs = list.filter((code) => code.parent === main.code);
    const rows = [main, ...subs];
    return rows.map((code) => ({
      value: code.code,
      label: code === main && subs.length > 0 ? t("api.allmant", { label: code.label }) : code.label,
      group: subs.length > 0 ? main.label : t("api.ovriga"),
    }));
  });
}

/** Units, under the heading of where they belong. */
export const unitOptions = (units: readonly Unit[]): Option[] =>
  units.filter((unit) => unit.kind === "ENHET").map(unitOption);

const unitOption = (unit: Unit): Option => ({
  value: unit.id,
  label: unit.name,
  group: unit.path && unit.path.length > 0 ? unit.path.at(-1) : undefined,
});

export const personOption = (person: Person): Option => ({
  value: person.id,
  label: [person.name, person.title].filter(Boolean).join(", "),
  group: person.unit_name ?? undefined,
});

export const harms = [
  { value: "NEJ", label: t("api.nej") },
  { value: "KUNDE_HA_HANT", label: t("api.kunde_ha_hant") },
  { value: "LINDRIG", label: t("api.ja_lindrigt") },
  { value: "ALLVARLIG", label: t("api.ja_allvarligt"), danger: true },
] as const;
