// The rules of the routine in words, and the form's numbers.
import type { Rules } from "../../api/model";
import { t } from "../../i18n";

export const consultWords = (risk: number) =>
  risk === 0 ? t("routine.always") : t("routine.from_risk", { risk });

const numbers = {
  KOMPLICERADE: "routine.own_complicated",
  UTREDDA: "routine.own_investigated",
  INGA: "routine.own_never",
} as const;

export const ownNumbers = Object.keys(numbers) as (keyof typeof numbers)[];
export const numberWords = (rule: string) => t(numbers[rule as keyof typeof numbers] ?? numbers.KOMPLICERADE);

/** The same rules with one deadline changed. What is left empty is 0. */
export function withDeadline(
  rules: Rules,
  id: string,
  field: "amount" | "warn_before" | "escalate_after",
  typed: string,
): Rules {
  const rule = rules.deadlines[id];
  if (!rule) return rules;
  const value = Math.max(0, Math.trunc(Number(typed)) || 0);
  return { ...rules, deadlines: { ...rules.deadlines, [id]: { ...rule, [field]: value } } };
}
