// One case on the screen: read it, move it. Every move answers with the whole case, so nothing is guessed.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, type Template } from "../../api/client";
import type { Case } from "../../api/model";
import { ApiError } from "../../api/problems";

export const caseKey = (id: string) => ["get-case", id];

export function useCase(id: string | undefined) {
  return useQuery({
    queryKey: caseKey(id ?? ""),
    queryFn: () => get<Case>("/cases/{id}", { path: { id: id ?? "" } }),
    enabled: id !== undefined,
  });
}

export type Move = {
  template: Template<"post">;
  body?: unknown;
  path?: Record<string, string>;
  version?: number;
  /** Sends it in another way than by a post at the template. */
  send?: (body: unknown) => Promise<Case>;
};

/** Sends a move on the version the person has seen. A stale one fetches the case anew and says so. */
export function useMove(item: Case) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ template, body, path, version, send }: Move): Promise<Case | undefined> =>
      send?.(body) ??
      post<Case | undefined>(template, {
        path: path ?? { id: item.id },
        body,
        version: version ?? item.version,
      }),
    onSuccess: (next) => {
      // A case given to lex Sarah is no longer to be seen: nothing of it stays on the screen.
      if (next) queries.setQueryData(caseKey(item.id), next);
      else void queries.resetQueries({ queryKey: caseKey(item.id) });
      refreshLists(queries, item.id);
    },
    onError: (error) => {
      if (error instanceof ApiError && error.conflict)
        void queries.invalidateQueries({ queryKey: caseKey(item.id) });
    },
  });
}

type Queries = ReturnType<typeof useQueryClient>;

export function refreshLists(queries: Queries, id: string) {
  for (const key of [
    "list-cases",
    "register-queue",
    "list-consultations",
    "list-measures",
    "list-entries",
    "list-held",
  ]) {
    void queries.invalidateQueries({ queryKey: [key] });
  }
  void queries.invalidateQueries({ queryKey: ["case-history", id] });
}

export const can = (item: Case, act: string) =>
  (item.actions ?? []).some((one) => one.act === act && one.allowed);
