// Path 1 of the product: a care worker reports on a phone in under a minute.
import type { Locator, Page } from "@playwright/test";
import { enter, open, settled } from "./people";
import { expect, inspect, phone, picture, showsFocus, test } from "./watch";

test.use({ viewport: phone, hasTouch: true });

const medarbetare = "medarbetare@bromma.demo";

/** A hand that counts what it does: every tap and every text is one. */
class Hand {
  done = 0;
  async tap(what: Locator) {
    this.done++;
    await what.tap();
  }
  async type(where: Locator, text: string) {
    this.done++;
    await where.pressSequentially(text, { delay: 35 });
  }
}

const sent = (page: Page) => page.getByRole("heading", { level: 1, name: "Tack, rapporten är skickad" });
const send = (page: Page) => page.getByRole("button", { name: "Skicka", exact: true });
test.beforeEach(async ({ page }) => {
  await enter(page, medarbetare);
  await page.request.delete("/api/v1/drafts/report");
  await page.context().clearCookies();
});

const choice = (page: Page, name: string) => page.getByRole("radio", { name, exact: true });

test("a care worker reports a missed evening dose in under a minute", async ({ page }, info) => {
  await page.goto("/app/");
  await settled(page);
  const hand = new Hand();
  const began = Date.now();
  await hand.tap(page.getByRole("button", { name: /^Medarbetare/ }).first());
  await expect(page.getByRole("heading", { level: 1, name: "Rapportera avvikelse" })).toBeVisible();
  await expect(page.getByLabel("Enhet", { exact: true })).not.toHaveValue("");
  await hand.tap(choice(page, "Läkemedel"));
  await hand.tap(choice(page, "Kunde ha hänt"));
  await hand.type(page.getByLabel("Vad hände?"), "Kvällsdosen stod kvar i skåpet när jag kom på morgonen.");
  await picture(page, info, "staff-report", 1340);
  await hand.tap(send(page));
  await expect(sent(page)).toBeVisible();
  expect(hand.done, "touches and texts").toBeLessThanOrEqual(12);
  expect(Date.now() - began, "milliseconds").toBeLessThan(60_000);
  await expect(page.getByText(/Rapportens nummer/)).toBeVisible();
  await inspect(page, "report-sent");

  await page.getByRole("link", { name: "Mina rapporter" }).last().tap();
  await expect(page.getByText(/^Kvällsdosen stod kvar/).first()).toBeVisible();
  await inspect(page, "my-reports");
});

test("the report asks for nothing that she cannot know, and leads to what is missing", async ({ page }) => {
  await open(page, medarbetare, "/rapportera");
  await inspect(page, "report-form");
  await send(page).tap();
  const summary = page.getByRole("alert").filter({ hasText: "Något behöver rättas" });
  await expect(summary).toBeFocused();
  await expect(summary.getByRole("link")).toHaveCount(1);
  await expect(page).toHaveTitle(/^Fel:/);
  await inspect(page, "report-error");
  await summary.getByRole("link").tap();
  await expect(page.getByLabel("Vad hände?")).toBeFocused();
});

test("what she typed is still there after the page was closed", async ({ page }) => {
  await open(page, medarbetare, "/rapportera");
  const words = page.getByLabel("Vad hände?");
  await words.fill("Boende fick frukost först klockan elva.");
  await choice(page, "Mat och måltid").tap();
  await expect(page.getByText(/^Sparat \d/)).toBeVisible();
  await page.reload();
  await expect(page.getByText("Du fortsätter på det du skrev sist.")).toBeVisible();
  await expect(words).toHaveValue("Boende fick frukost först klockan elva.");
  await expect(choice(page, "Mat och måltid")).toBeChecked();
  await send(page).tap();
  await expect(sent(page)).toBeVisible();
  await page.getByRole("button", { name: "Skriv en ny rapport" }).tap();
  await expect(words).toHaveValue("");
});

test("serious harm says: ring", async ({ page }) => {
  await open(page, medarbetare, "/rapportera");
  await choice(page, "Ja, allvarligt").tap();
  await expect(page.getByText("Ring också din chef nu.")).toBeVisible();
  await inspect(page, "report-serious");
  await page.getByLabel("Vad hände?").fill("Boende föll i trappan och fördes till sjukhus.");
  await send(page).tap();
  await expect(sent(page)).toBeVisible();
  await expect(page.getByText("Ring också din chef nu.")).toBeVisible();
});

test("the report can be written by keyboard, which shows where it is", async ({ page }) => {
  await open(page, medarbetare, "/rapportera");
  await showsFocus(page, 12);
});
