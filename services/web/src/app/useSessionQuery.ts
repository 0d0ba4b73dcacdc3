import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import type { Session } from "../api/model";
import { ApiError } from "../api/problems";

export const sessionKey = ["get-session"];

export function useSessionQuery() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: () => get<Session>("/session"),
    staleTime: Number.POSITIVE_INFINITY,
    retry: (count, error) => !(error instanceof ApiError) && count < 2,
  });
}
