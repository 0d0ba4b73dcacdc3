// Every test watches what a person would not see: violations of the content security policy, errors in the console,
// answers that failed in the server. inspect() then looks at a whole screen: axe, headings, width, words, focus.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test as base, expect, type Page, type TestInfo } from "@playwright/test";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

declare global {
  interface Window {
    axe: { run: (root: Document, options: unknown) => Promise<{ violations: Violation[] }> };
  }
}
type Violation = { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] };

/** The browser itself says in the console that an answer was 401, 404 …; who causes that on purpose is not at fault. */
const refused = /^Failed to load resource: the server responded with a status of 4\d\d/;

export const test = base.extend<{ faults: string[] }>({
  faults: [
    async ({ context }, use) => {
      const faults: string[] = [];
      await context.exposeBinding("tellViolation", (_, text: string) => void faults.push(`CSP: ${text}`));
      await context.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          const tell = (window as unknown as { tellViolation: (text: string) => void }).tellViolation;
          tell(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
        });
      });
      context.on("console", (message) => {
        if (message.type() === "error" && !refused.test(message.text())) {
          faults.push(`console: ${message.text()} ${message.location().url}`);
        }
      });
      context.on("weberror", (error) => void faults.push(`script: ${error.error().message}`));
      context.on("response", (answer) => {
        if (answer.status() >= 500) faults.push(`${answer.status()}: ${answer.url()}`);
      });
      await use(faults);
      expect(faults, "what the browser complained about").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

const desk = { width: 1280, height: 900 };
export const phone = { width: 390, height: 844 };
const narrow = { width: 320, height: 640 };

type Inspection = {
  /** The screen is an open dialog: the page behind it has the heading of first rank. */
  dialog?: boolean;
  /** Words of the page that look like codes and are none. */
  allow?: RegExp;
};

/** Looks at the screen as it stands: at a desk, on a phone and at the narrowest width the law knows. */
export async function inspect(page: Page, name: string, options: Inspection = {}): Promise<void> {
  const size = page.viewportSize() ?? desk;
  for (const [kind, viewport] of [
    ["desk", desk],
    ["phone", phone],
  ] as const) {
    await page.setViewportSize(viewport);
    await rest(page);
    await accessible(page, `${name}, ${kind}`);
    if (!options.dialog) await fits(page, `${name}, ${kind}`);
    await page.screenshot({
      path: `test-results/screens/${name}-${kind}.png`,
      fullPage: !options.dialog,
      animations: "disabled",
    });
  }
  await page.setViewportSize(narrow);
  await rest(page);
  if (!options.dialog) await fits(page, `${name}, 320 px`);
  await page.setViewportSize(size);
  await rest(page);
  await plain(page, name, options.allow);
  if (!options.dialog)
    await expect(page.locator("h1:visible"), `${name}: headings of first rank`).toHaveCount(1);
}

/** Two frames: layout and whatever observes it have seen the new size. */
const rest = (page: Page) =>
  page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );

async function accessible(page: Page, name: string): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
      resultTypes: ["violations"],
    }),
  );
  const said = violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary}`),
  );
  expect(said, `${name}: accessibility`).toEqual([]);
}

/** Nothing is wider than the window. */
export async function fits(page: Page, name: string): Promise<void> {
  const wide = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.querySelectorAll("body *")]
      .filter((one) => one.getBoundingClientRect().right > room + 1)
      .slice(0, 4)
      .map((one) => `${one.tagName}.${one.className} ${Math.round(one.getBoundingClientRect().right)} px`);
  });
  expect(wide, `${name}: sideways scrolling`).toEqual([]);
}

/** No code of a list and no word of a programmer stands where people read. */
async function plain(page: Page, name: string, allow = /$^/): Promise<void> {
  const text = await page.locator("body").innerText();
  const codes = text.match(
    /\b[A-ZÅÄÖ]{2,}_[A-ZÅÄÖ_]+\b|\b[A-Z]{3}\.[A-Z_]{3,}|\b(undefined|null|NaN|Invalid Date)\b/g,
  );
  expect(
    (codes ?? []).filter((code) => !allow.test(code)),
    `${name}: codes instead of words`,
  ).toEqual([]);
}

/** Walks the page with Tab: whatever has the focus shows it. */
export async function showsFocus(page: Page, stops: number): Promise<void> {
  for (let stop = 0; stop < stops; stop++) {
    await page.keyboard.press("Tab");
    const hidden = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      // A choice drawn as a button shows the focus on its label.
      const looks = [at, at.closest("label"), at.nextElementSibling].filter((one) => one !== null);
      const seen = looks.some((one) => {
        const style = getComputedStyle(one);
        return (
          (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none"
        );
      });
      return seen ? null : `${at.tagName} ${at.textContent?.slice(0, 40)}`;
    });
    expect(hidden, "has focus but does not show it").toBeNull();
  }
}

/** A picture for the README: always made, kept in the tree only when asked for (PICTURES=1). */
export async function picture(page: Page, info: TestInfo, name: string, height?: number): Promise<void> {
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | SVGElement | null)?.blur();
    scrollTo(0, 0);
  });
  const size = page.viewportSize() ?? desk;
  if (height) await page.setViewportSize({ ...size, height });
  await rest(page);
  const folder = process.env.PICTURES ? "e2e/pictures" : info.project.outputDir;
  const made = await page.screenshot({ path: `${folder}/${name}.png`, animations: "disabled" });
  expect(made.length, `${name}.png is small`).toBeLessThan(200_000);
  await page.setViewportSize(size);
}
