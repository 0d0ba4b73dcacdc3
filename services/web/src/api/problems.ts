// RFC 9457 problem details, and how they become words and field errors on a page.
import { type Key, t } from "../i18n";

export type Problem = {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  /** Names the log line of an unexpected error. */
  instance?: string;
  errors?: { pointer?: string; param?: string; text?: string }[] | null;
};

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.code ?? problem.title ?? `status ${status}`);
  }

  /** 401: the session has ended. */
  get signedOut() {
    return this.status === 401;
  }
  get notFound() {
    return this.status === 404 || this.status === 410;
  }
  get forbidden() {
    return this.status === 403;
  }
  /** 412 and 428: somebody saved in between. */
  get conflict() {
    return this.status === 412 || this.status === 428;
  }
}

/** No answer at all: no net, or the server is gone. */
export class NetworkError extends Error {}

const words: Partial<Record<number, Key>> = {
  403: "error.forbidden",
  404: "error.not_found",
  412: "error.conflict",
  428: "error.conflict",
  429: "error.too_many",
};

/** One sentence for a person. The server's own sentence wins where it wrote one for people. */
export function explain(error: unknown): string {
  if (error instanceof NetworkError) return t("error.network");
  if (!(error instanceof ApiError)) return t("error.server_plain");
  const { status, problem } = error;
  if (status >= 500)
    return problem.instance ? t("error.server", { id: problem.instance }) : t("error.server_plain");
  if (problem.detail) return problem.detail;
  const key = words[status];
  return key ? t(key) : (problem.title ?? t("error.server_plain"));
}

/** "/contact/email" becomes "contact.email"; "#/measures/0/title" becomes "measures.0.title". */
function fieldName(pointer: string): string {
  return pointer
    .replace(/^#?\/?(body\/|body\.)?/, "")
    .replaceAll("/", ".")
    .replace(/\[(\d+)\]/g, ".$1");
}

export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const found: Record<string, string> = {};
  for (const row of error.problem.errors ?? []) {
    const field = fieldName(row.pointer ?? row.param ?? "");
    if (field && row.text && !found[field]) found[field] = row.text;
  }
  return found;
}
