// Code lists, units and people: what choices are made of.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { asOptions, unitOptions } from "./choices";
import { get } from "./client";
import type { Code, Codes, List, Person, Unit } from "./model";

const hour = 3_600_000;

/** "26 kap. 1 § offentlighets- och sekretesslagen (2009:400)" in the words of those who read it all day. */
export const shortLaw = (law: string) => law.replace("offentlighets- och sekretesslagen (2009:400)", "OSL");
const none: Code[] = [];

/** The city's code lists with the tenant's own sub-codes, and how to say a code in words. */
export function useCodes() {
  const codes = useQuery({ queryKey: ["list-codes"], queryFn: () => get<Codes>("/codes"), staleTime: hour });
  return useMemo(() => {
    const lists = codes.data?.lists ?? {};
    const list = (name: string) => lists[name] ?? none;
    const label = (name: string, code: string | null | undefined) =>
      code ? (list(name).find((one) => one.code === code)?.label ?? code) : "";
    // A category belongs to the social services' list or to health care's; people choose from both.
    const category = (code: string | null | undefined) =>
      code ? (list("category").find((one) => one.code === code)?.label ?? label("category_hsl", code)) : "";
    const categories = [...asOptions(list("category")), ...asOptions(list("category_hsl"))];
    return {
      list,
      category,
      categories,
      label,
      options: (name: string) => asOptions(list(name)),
      quick: codes.data?.quick_categories ?? none,
    };
  }, [codes.data]);
}

/** Units, under the heading of where they belong. */
export function useUnits() {
  const units = useQuery({
    queryKey: ["list-units"],
    queryFn: () => get<List<Unit>>("/units"),
    staleTime: hour / 6,
  });
  const options = useMemo(() => unitOptions(units.data?.items ?? []), [units.data]);
  return { ...units, items: units.data?.items ?? [], options };
}

/** What a person is looked for to do. */
export type Purpose = "delegate" | "owner" | "handle";

export function usePeople(purpose: Purpose, unitId?: string | null) {
  return useQuery({
    queryKey: ["list-people", purpose, unitId],
    queryFn: () => get<List<Person>>("/people", { query: { purpose, unit_id: unitId } }),
    placeholderData: keepPreviousData,
  });
}

export { asOptions, harms, personOption } from "./choices";
