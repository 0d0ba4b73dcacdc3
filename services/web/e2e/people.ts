// Who logs in, and how: by the button as a person does, or by the API when the login is not what is tested.
import { type BrowserContext, expect, type Page } from "@playwright/test";

export const password = process.env.LYHORD_DEMO_PASSWORD ?? "";

type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;
const sessions = new Map<string, Cookies>();

/** Logs in by POST /session, once per person and run: checking a password is made to be slow. */
export async function enter(page: Page, login: string): Promise<void> {
  const context = page.context();
  await context.clearCookies();
  const known = sessions.get(login);
  if (known) return context.addCookies(known);
  const answer = await page.request.post("/api/v1/session", { data: { login, password } });
  expect(answer.status(), `${login} logs in`).toBe(200);
  sessions.set(login, await context.cookies());
}

/** Opens a page of the app as somebody. */
export async function open(page: Page, login: string, path: string): Promise<void> {
  await enter(page, login);
  await page.goto(`/app${path}`);
  await settled(page);
}

/** The page has its heading and is not fetching anything that it says it is fetching. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

export type Role = { login: string; role: string };

/** One person of every role in the demo's city, as its login page offers them. */
export async function everyRole(page: Page): Promise<Role[]> {
  const answer = await page.request.get("/api/v1/demo/logins");
  const { groups } = (await answer.json()) as { groups: { logins: Role[] }[] };
  const roles = new Map<string, Role>();
  for (const one of groups.flatMap((group) => group.logins)) {
    if (!roles.has(one.role)) roles.set(one.role, { login: one.login, role: one.role });
  }
  return [...roles.values()];
}
