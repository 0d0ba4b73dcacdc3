// People of the synthetic city, and what every page must keep: no script errors, no breach of the
// content security policy, no fault that axe can find, no sideways scrolling.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContext, expect, type Page, type TestInfo } from "@playwright/test";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export const phone = { width: 390, height: 844 };

/** A page that remembers what went wrong on it. */
export async function open(
  browser: Browser,
  viewport = { width: 1280, height: 900 },
): Promise<[Page, string[]]> {
  const context: BrowserContext = await browser.newContext({ viewport });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (/Content Security Policy|TrustedHTML|TrustedScript/i.test(message.text()))
      faults.push(message.text());
  });
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  return [page, faults];
}

/** Logs in by the demo's button of a role. */
export async function login(page: Page, organisation: string, role: string) {
  await page.goto("/app/");
  await page.getByLabel("Sök organisation eller roll").fill(`${organisation} ${role}`);
  await page
    .getByRole("button", { name: new RegExp(`^${role} `) })
    .first()
    .click();
  await expect(page.getByRole("button", { name: "Logga in" })).toHaveCount(0);
}

export async function loggedIn(
  browser: Browser,
  organisation: string,
  role: string,
  viewport?: Page["viewportSize"] extends () => infer V ? V : never,
) {
  const [page, faults] = await open(browser, viewport ?? undefined);
  await login(page, organisation, role);
  return { page, faults };
}

/** Nothing that axe finds, nothing wider than the window. */
export async function expectSound(page: Page, name: string) {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setBypassCSP", { enabled: true });
  await page.evaluate(`${axeSource};0`);
  const found = await page.evaluate(async (tags) => {
    const axe = (
      window as unknown as { axe: { run: (root: Document, options: object) => Promise<AxeResult> } }
    ).axe;
    const result = await axe.run(document, { runOnly: tags });
    return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
  }, rules);
  await session.send("Page.setBypassCSP", { enabled: false });
  expect(found, `axe on ${name}`).toEqual([]);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(wider, `sideways scrolling on ${name}`).toBeLessThanOrEqual(0);
}

type AxeResult = { violations: { id: string; nodes: { html: string }[] }[] };

/** A picture for the reader of the documentation and for whoever looks at a failed run. */
export async function picture(page: Page, info: TestInfo, name: string) {
  const path = join(info.config.rootDir, "..", "test-results", "pictures", `${name}.png`);
  await page.screenshot({ path, animations: "disabled" });
}

/** The toast that says it is done. */
export const said = (page: Page, text: string | RegExp) => expect(page.getByText(text).first()).toBeVisible();
