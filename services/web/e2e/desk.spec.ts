// The registrar's desk by keyboard alone: an ordinary report in at most two key presses, and the other ways out of the
// queue, each with a way back. Proves req 26, T2.
import type { Page } from "@playwright/test";
import { enter, open } from "./people";
import { expect, inspect, test } from "./watch";

test.describe.configure({ mode: "serial" });

const registrar = "registrator@bromma.demo";
const queue = (page: Page) => page.getByRole("navigation", { name: "Kön" }).getByRole("link");
const said = (page: Page, text: string | RegExp) =>
  expect(page.getByRole("status").getByText(text).last()).toBeVisible();

async function report(page: Page, narrative: string): Promise<string> {
  await enter(page, "medarbetare@bromma.demo");
  const session = await (await page.request.get("/api/v1/session")).json();
  const answer = await page.request.post("/api/v1/cases", {
    headers: { "Idempotency-Key": crypto.randomUUID() },
    data: { unit_id: session.home_unit_id, category: "UTF", harm: "NEJ", narrative, happened_at: null },
  });
  expect(answer.status()).toBe(201);
  return (await answer.json()).reference;
}

/** Counts what is pressed: the promise is about fingers, not about clicks that a test can hide. */
function keys(page: Page) {
  let pressed = 0;
  return {
    press: async (key: string) => {
      pressed += 1;
      await page.keyboard.press(key);
    },
    count: () => pressed,
  };
}

let first = "";

test("an ordinary report is registered in at most two key presses from the desk", async ({ page }) => {
  const waiting = await report(page, "Larmet gick inte fram vid frukost.");
  const reference = await report(page, "Larmet gick inte fram vid lunch.");
  await open(page, registrar, "/registrera");
  await expect(queue(page).first()).toContainText(reference);
  const hand = keys(page);
  await hand.press("Control+Enter");
  await said(page, /Registrerad som/);
  expect(hand.count()).toBeLessThanOrEqual(2);
  first = /Registrerad som (.+?)\. /.exec((await page.getByRole("status").innerText()) ?? "")?.[1] ?? "";
  expect(first).not.toBe("");
  await expect(queue(page).filter({ hasText: reference })).toHaveCount(0);
  await expect(page.locator(".desk-report"), "the next one has opened by itself").toContainText(
    "vid frukost",
  );
  await expect(queue(page).first()).toContainText(waiting);
});

test("what was registered is taken back with one key, and its number stays used", async ({ page }) => {
  const reference = await report(page, "Fel rum i rapporten.");
  await open(page, registrar, "/registrera");
  await page.keyboard.press("Control+Enter");
  await said(page, /Registrerad som/);
  await inspect(page, "desk-undo");
  await page.keyboard.press("Alt+z");
  await said(page, /används inte igen/);
  await expect(page.locator(".desk-report")).toContainText("Fel rum i rapporten.");
  await expect(queue(page).filter({ hasText: reference })).toHaveCount(1);
});

test("a report that belongs to a case is joined to it by keyboard, with why it may be the same", async ({
  page,
}) => {
  await open(page, registrar, "/registrera");
  await expect(page.locator(".desk-twins")).toContainText(/samma dag/);
  await page.keyboard.press("Alt+l");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Ärendets nummer").fill(first);
  await inspect(page, "desk-link", { dialog: true });
  await page.keyboard.press("Control+Enter");
  await said(page, `förd till ${first}`);
  await expect(page.locator(".desk-undo")).toContainText("förd till");
});

test("a report waits until a day, and can be fetched back", async ({ page }) => {
  const reference = await report(page, "Oklart vilken avdelning.");
  await open(page, registrar, "/registrera");
  await page.keyboard.press("Alt+v");
  await inspect(page, "desk-hold", { dialog: true });
  await page.keyboard.press("Control+Enter");
  await said(page, /Undanlagd till/);
  await expect(queue(page).filter({ hasText: reference })).toHaveCount(0);
  await page.getByRole("link", { name: /Undanlagt/ }).click();
  await expect(queue(page).filter({ hasText: reference })).toHaveCount(1);
  await page.keyboard.press("Alt+z");
  await said(page, "Ångrat.");
});

test("what does not belong here goes back with words", async ({ page }) => {
  const reference = await report(page, "Gatlyktan utanför är trasig.");
  await open(page, registrar, "/registrera");
  await page.keyboard.press("Alt+b");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /annan myndighet/ }).check();
  await inspect(page, "desk-return", { dialog: true });
  await page.keyboard.press("Control+Enter");
  await expect(dialog.getByText("Skriv färdigt").first()).toBeVisible();
  await dialog.getByLabel("Till den som skrev").fill("Gatubelysning sköts av trafikkontoret.");
  await page.keyboard.press("Control+Enter");
  await said(page, /skickad tillbaka/);
  await expect(queue(page).filter({ hasText: reference })).toHaveCount(0);
});
