// A daughter writes without saying who she is, gets a code, and reads the answer with it.
import { expect, type Page, test } from "@playwright/test";
import { expectSound, loggedIn, open, phone, picture, said } from "./person";

test.describe.configure({ mode: "serial" });

const words = `Ingen kom till min mamma i söndags morse, och ingen visste något när jag ringde (${Date.now()}).`;
const answer = "Vi har ändrat hur vi lämnar över mellan passen. Förlåt för det som hände din mamma.";
let code = "";
let caseURL = "";

const step = (page: Page, name: RegExp) => page.locator(".ly-next").getByRole("button", { name }).first();
const visible = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true }).filter({ visible: true });

test("she writes on her phone and gets a code", async ({ browser }, info) => {
  const [page, faults] = await open(browser, phone);
  await page.goto("/t/bromma/sv/");
  await expectSound(page, "the public form");
  await page.getByLabel("Berätta med egna ord").fill(words);
  await picture(page, info, "public-phone");
  await visible(page, "Fortsätt").click();
  await visible(page, "Fortsätt").click();
  await page.getByRole("radio", { name: /Ja, med en kod/ }).check();
  await visible(page, "Fortsätt").click();
  await expectSound(page, "the review");
  await page.getByRole("button", { name: "Skicka" }).click();
  await expect(page.locator("#kod")).toBeVisible();
  code = ((await page.locator("#kod").textContent()) ?? "").replace(/\s+/g, "");
  expect(code).toMatch(/^[0-9A-Z]{24}$/);
  await expectSound(page, "the public receipt");
  await expect(page.getByText(words)).toHaveCount(0);
  await picture(page, info, "public-receipt-phone");
  expect(faults).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
  await page.context().close();
});

test("the registrar registers it as a complaint", async ({ browser }) => {
  const { page } = await loggedIn(browser, "Bromma", "Registrator");
  const rows = page.getByRole("navigation", { name: "Kön" }).getByRole("link", { name: /Webbformulär/ });
  await rows.last().click();
  await expect(page.getByText(words)).toBeVisible();
  await page.keyboard.press("Alt+K");
  await expect(page.getByRole("radio", { name: /Klagomål/ })).toBeChecked();
  await page.getByLabel("Ämne").fill("Klagomål om utebliven insats");
  const home = await unitOfTheManager(page);
  await page.getByLabel("Enhet", { exact: true }).selectOption({ label: home });
  caseURL = page.url().replace("/registrera/", "/arenden/");
  await page.keyboard.press("Control+Enter");
  await said(page, /Registrerad som/);
  await page.context().close();
});

test("the manager asks, gets the decision and answers", async ({ browser }) => {
  const { page, faults } = await loggedIn(browser, "Bromma", "Enhetschef");
  await page.goto(caseURL);
  await step(page, /Börja bedöma/).click();
  await said(page, "Klart: Börja bedöma.");
  await step(page, /Klassificera/).click();
  await page.getByLabel("Kategori", { exact: false }).first().selectOption({ index: 1 });
  await page.getByRole("dialog").getByRole("button", { name: "Spara" }).click();
  await said(page, "Klart: Klassificera.");
  await step(page, /Fråga närmaste chef/).click();
  await page.getByLabel("Din bedömning och fråga").fill("Jag bedömer att det är enkelt.");
  await page.keyboard.press("Control+Enter");
  await said(page, "Klart: Fråga närmaste chef.");

  const boss = await loggedIn(browser, "Bromma", "Avdelningschef");
  await boss.page.goto("/app/att-bedoma");
  const card = boss.page.getByRole("article").filter({ hasText: words });
  await card.getByRole("radio", { name: /Enkelt/ }).check();
  await card.getByLabel("Motivering").fill("Avgränsat, enheten kan svara.");
  await card.getByRole("button", { name: "Besluta" }).click();
  await said(boss.page, /är sparat/);
  await boss.page.context().close();

  await page.reload();
  await step(page, /Skriv svar/).click();
  await page.getByRole("radio", { name: /Enkelt svar/ }).check();
  await page.getByLabel("Svar", { exact: true }).fill(answer);
  await page.getByRole("button", { name: "Skicka svaret" }).click();
  await said(page, "Klart: Skriv svar.");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("she reads the answer with her code and writes back", async ({ browser }, info) => {
  const [page, faults] = await open(browser, phone);
  await page.goto("/t/bromma/sv/svar");
  await page.locator("#kod").fill(code);
  await page.locator("form button[type=submit]").first().click();
  await expect(page.getByText(answer)).toBeVisible();
  await expect(page.getByText(words)).toHaveCount(0);
  await expectSound(page, "the answer");
  await picture(page, info, "public-answer-phone");
  await page.locator("#meddelande").fill("Tack för svaret. Det känns tryggare nu.");
  await page.locator("form.pf-write button[type=submit]").click();
  await expect(page.getByText("Det känns tryggare nu.")).toBeVisible();
  expect(faults).toEqual([]);
  await page.context().close();

  const chef = await loggedIn(browser, "Bromma", "Enhetschef");
  await chef.page.goto(`${caseURL}/meddelanden`);
  await expect(chef.page.getByText("Det känns tryggare nu.")).toBeVisible();
  await chef.page.context().close();
});

test("a wrong code shows nothing", async ({ browser }) => {
  const [page] = await open(browser, phone);
  await page.goto("/t/bromma/sv/svar");
  await page.locator("#kod").fill("0000 0000 0000 0000 0000 0000");
  await page.locator("form button[type=submit]").first().click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("#meddelande")).toHaveCount(0);
  await page.context().close();
});

/** The unit that the demo's manager leads: she must get the case, whoever else leads a unit. */
async function unitOfTheManager(page: Page): Promise<string> {
  const units = await page.evaluate(async () => (await fetch("/api/v1/units")).json());
  const groups = await page.evaluate(async () => (await fetch("/api/v1/demo/logins")).json());
  const bromma = groups.groups.find((group: { tenant: { slug: string } }) => group.tenant.slug === "bromma");
  const chef = bromma.logins.find((one: { role: string }) => one.role === "chef");
  const unit = units.items.find(
    (one: { kind: string; manager: { name: string } | null }) =>
      one.kind === "ENHET" && one.manager?.name === chef.name,
  );
  return unit.name;
}
