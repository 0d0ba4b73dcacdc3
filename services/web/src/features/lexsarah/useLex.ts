// One lex Sarah track on the screen: read it, move it. Every move answers with the whole track.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post, type Template } from "../../api/client";
import type { Held, LexInvestigator, LexTrack, List } from "../../api/model";
import { ApiError } from "../../api/problems";

export const lexKey = (id: string) => ["open-lex", id];

export function useTrack(id: string) {
  return useQuery({
    queryKey: lexKey(id),
    queryFn: () => get<LexTrack>("/lex/cases/{id}", { path: { id } }),
  });
}

export type LexMove = { template: Template<"post">; body?: unknown };

/** Sends a move on the version the person has seen. A stale one fetches the track anew. */
export function useLexMove(item: LexTrack) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ template, body }: LexMove) =>
      post<LexTrack>(template, { path: { id: item.case_id }, body, version: item.version }),
    onSuccess: (next) => {
      queries.setQueryData(lexKey(item.case_id), next);
      void queries.invalidateQueries({ queryKey: ["list-lex"] });
    },
    onError: (error) => {
      if (error instanceof ApiError && error.conflict)
        void queries.invalidateQueries({ queryKey: lexKey(item.case_id) });
    },
  });
}

export function useInvestigators() {
  return useQuery({
    queryKey: ["list-lex-investigators"],
    queryFn: () => get<List<LexInvestigator>>("/lex/investigators"),
    staleTime: 600_000,
  });
}

/** What is left of a case for those who had it before lex Sarah. */
export function useHeld(id: string) {
  return useQuery({
    queryKey: ["open-held", id],
    queryFn: () => get<Held>("/lex/held/{id}", { path: { id } }),
    retry: false,
  });
}
