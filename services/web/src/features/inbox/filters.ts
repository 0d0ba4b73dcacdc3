// Filters live in the address, so that a list can be shared and the back button works.
// What a person searches for never does.
import { t } from "../../i18n";
import { useSearchParams } from "react-router";

export const groups = [
  { value: "NYA", label: t("inbox.nya") },
  { value: "BEDOMS", label: t("inbox.bedoms") },
  { value: "UTREDS", label: t("inbox.utreds") },
  { value: "ATGARDAS", label: t("inbox.atgardas") },
  { value: "VANTAR", label: t("inbox.vantar") },
  { value: "AVSLUTADE", label: t("inbox.avslutade") },
  { value: "ALLA", label: t("inbox.alla") },
] as const;

const names = {
  group: "status",
  unit_id: "enhet",
  case_type: "typ",
  category: "kategori",
  late: "forsenade",
} as const;
export type FilterName = keyof typeof names;
export type Filters = Record<FilterName, string>;

export function readFilters(params: URLSearchParams, start: string): Filters {
  const read = (name: FilterName) => params.get(names[name]) ?? "";
  return {
    group: read("group") || start,
    unit_id: read("unit_id"),
    case_type: read("case_type"),
    category: read("category"),
    late: read("late") === "ja" ? "true" : "",
  };
}

export function withFilter(params: URLSearchParams, name: FilterName, value: string): URLSearchParams {
  const next = new URLSearchParams(params);
  if (value) next.set(names[name], name === "late" ? "ja" : value);
  else next.delete(names[name]);
  return next;
}

export function useFilters(start: string) {
  const [params, setParams] = useSearchParams();
  const filters = readFilters(params, start);
  const chosen = (["unit_id", "case_type", "category", "late"] as const).filter((name) => filters[name]);
  return {
    filters,
    chosen: chosen.length,
    set: (name: FilterName, value: string) => setParams(withFilter(params, name, value), { replace: true }),
    clear: () => setParams(withGroupOnly(params), { replace: true }),
    /** The address of another group with the same filters. */
    to: (group: string) => `?${withFilter(params, "group", group)}`,
  };
}

function withGroupOnly(params: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams();
  const group = params.get(names.group);
  if (group) next.set(names.group, group);
  return next;
}
