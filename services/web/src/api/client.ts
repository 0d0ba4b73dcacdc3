// The one door to the server. Every answer is data, or a thrown ApiError or NetworkError.
// No tokens here: the session is a cookie that scripts cannot read. Addresses are written as templates,
// "/cases/{id}/assess", and must stand in openapi.json.
import { ApiError, NetworkError, type Problem } from "./problems";
import type { paths } from "./schema";

type Method = "get" | "post" | "put" | "delete";
type Below<Path> = Path extends `/api/v1${infer Rest}` ? Rest : never;

/** The addresses that the API has for a method; any other does not compile. */
export type Template<Of extends Method> = {
  [Path in keyof paths]: paths[Path] extends { [M in Of]: object } ? Below<Path> : never;
}[keyof paths];
type Query = Record<string, string | number | boolean | null | undefined>;

export type Options = {
  path?: Record<string, string>;
  query?: Query;
  body?: unknown;
  /** The version the change builds on; a stale one is refused with 412. */
  version?: number | string;
  /** Makes a create that is sent twice one create. */
  key?: string;
};

type SessionEvent = "signed-out" | "contact";
const listeners = new Set<(event: SessionEvent) => void>();

/** Hears when the server was reached and when it no longer knows the session. */
export function onSession(listener: (event: SessionEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
const tell = (event: SessionEvent) => {
  for (const listener of listeners) listener(event);
};

export function address(template: string, path: Record<string, string> = {}, query: Query = {}): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "" && value !== false)
      search.set(name, String(value));
  }
  return `/api/v1${filled}${search.size > 0 ? `?${search}` : ""}`;
}

async function send<Data>(method: string, template: string, options: Options = {}): Promise<Data> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.version !== undefined) headers["If-Match"] = `"${options.version}"`;
  if (options.key !== undefined) headers["Idempotency-Key"] = options.key;
  let response: Response;
  try {
    response = await fetch(address(template, options.path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
  } catch (cause) {
    throw new NetworkError("no answer", { cause });
  }
  const body = await read(response);
  if (response.ok) {
    tell("contact");
    return body as Data;
  }
  // A wrong password is also a 401, but ends no session.
  if (response.status === 401 && template !== "/session") tell("signed-out");
  throw new ApiError(response.status, typeof body === "object" && body !== null ? (body as Problem) : {});
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Something between us and the server answered, in its own format.
    return undefined;
  }
}

export const get = <Data>(template: Template<"get">, options?: Options) =>
  send<Data>("GET", template, options);
export const post = <Data>(template: Template<"post">, options?: Options) =>
  send<Data>("POST", template, options);
export const put = <Data>(template: Template<"put">, options?: Options) =>
  send<Data>("PUT", template, options);
export const remove = <Data>(template: Template<"delete">, options?: Options) =>
  send<Data>("DELETE", template, options);

/** A create may be sent twice by a nervous finger or a bad net; the key makes it one. */
export const newKey = () => crypto.randomUUID();
