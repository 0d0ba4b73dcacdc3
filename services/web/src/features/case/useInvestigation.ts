// Autosave of an investigation. A version that has gone stale is merged, never overwritten.
import { t } from "../../i18n";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useAutosave } from "../../api/autosave";
import { get, put } from "../../api/client";
import type { Case, Investigation } from "../../api/model";
import { ApiError } from "../../api/problems";
import { type Clash, type Fields, fieldsOf, merge, toRequest } from "./investigation";
import { caseKey } from "./useCase";

export type ClashSet = { rows: Clash[]; by: string; at: string | null };

export function useInvestigation(item: Case, stored: Investigation) {
  const queries = useQueryClient();
  const [fields, setFields] = useState(() => fieldsOf(stored));
  const [clash, setClash] = useState<ClashSet>();
  const [lockedBy, setLockedBy] = useState<string>();
  const base = useRef(fieldsOf(stored));
  const version = useRef(stored.version);
  const latest = useRef(fields);

  const show = (next: Fields) => {
    latest.current = next;
    setFields(next);
  };

  const save = async (value: Fields) => {
    try {
      const next = await put<Case>("/cases/{id}/investigation", {
        path: { id: item.id },
        body: toRequest(value),
        version: version.current,
      });
      base.current = value;
      version.current = next.investigation?.version ?? 0;
      queries.setQueryData(caseKey(item.id), next);
    } catch (error) {
      if (!(error instanceof ApiError && error.conflict)) throw error;
      await meet();
    }
  };
  /** Somebody saved in between: fetch it, merge, and let the person choose where both wrote. */
  const meet = async () => {
    const fresh = await get<Case>("/cases/{id}", { path: { id: item.id } });
    if (!fresh.investigation) throw new Error("the investigation is gone");
    // Called done while somebody wrote: the words stay in the page, and are said not to be saved.
    if (fresh.investigation.completed_at) {
      queries.setQueryData(caseKey(item.id), fresh);
      setLockedBy(fresh.investigation.completed_by_name ?? t("case.nagon_annan"));
      return;
    }
    const theirs = fieldsOf(fresh.investigation);
    const { merged, clashes } = merge(base.current, latest.current, theirs);
    queries.setQueryData(caseKey(item.id), fresh);
    version.current = fresh.investigation?.version ?? 0;
    base.current = theirs;
    show(merged);
    if (clashes.length > 0) {
      const stored = fresh.investigation;
      setClash({
        rows: clashes,
        by: stored?.updated_by_name ?? t("case.nagon_annan"),
        at: stored?.updated_at ?? null,
      });
    } else {
      auto.change(merged);
    }
  };

  const auto = useAutosave<Fields>(save);

  const set = (name: string, value: string | number | null) => {
    const next = { ...latest.current, [name]: value } as Fields;
    show(next);
    if (!clash) auto.change(next);
  };
  const choose = (row: Clash, which: "mine" | "theirs" | "both") => {
    const both = [row.theirs, row.mine].filter(Boolean).join("\n\n");
    const next = { ...latest.current, [row.name]: which === "both" ? both : row[which] } as Fields;
    show(next);
    const left = clash?.rows.filter((one) => one.name !== row.name) ?? [];
    setClash(clash && left.length > 0 ? { ...clash, rows: left } : undefined);
    if (left.length === 0) auto.change(next);
  };
  return { fields, set, clash, choose, lockedBy, state: auto.state, flush: auto.flush };
}
