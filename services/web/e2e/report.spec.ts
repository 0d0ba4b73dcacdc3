// A report travels from a care worker's phone to a closed case and back to her, and on to the city's figures.
import { expect, type Page, test } from "@playwright/test";
import { expectSound, loggedIn, phone, picture, said } from "./person";

test.describe.configure({ mode: "serial" });

const words = `Kvällsdosen gavs inte. Tabletterna låg kvar i dosetten klockan nio (${Date.now()}).`;
const city = "Bromma";
let reference = "";
let caseURL = "";
let unit = "";

const next = (page: Page) => page.getByRole("region", { name: "Nästa steg" }).or(page.locator(".ly-next"));
const step = (page: Page, name: string | RegExp) => next(page).getByRole("button", { name }).first();

test("a care worker reports a missed evening dose on a phone", async ({ browser }, info) => {
  const { page, faults } = await loggedIn(browser, city, "Medarbetare", phone);
  await expect(page).toHaveURL(/\/app\/rapportera/);
  await expect(page.getByRole("heading", { name: "Rapportera avvikelse" })).toBeVisible();
  await expectSound(page, "the report");

  await page.getByLabel("Vad hände?").fill("");
  await page.getByRole("button", { name: "Skicka" }).click();
  await expect(page.getByRole("alert")).toContainText("Skriv vad som hände");
  await expect(page).toHaveTitle(/^Fel:/);

  const place = page.getByLabel("Enhet", { exact: true });
  await expect(place).not.toHaveValue("");
  unit = (await place.locator("option:checked").textContent()) ?? "";
  await page.getByRole("radio", { name: "Läkemedel" }).check();
  await page.getByRole("radio", { name: "Kunde ha hänt" }).check();
  await page.getByLabel("Vad hände?").fill(words);
  await expect(page.getByText(/^Sparat \d/)).toBeVisible();
  await picture(page, info, "report-phone");
  await page.getByRole("button", { name: "Skicka" }).click();

  await expect(page.getByRole("heading", { name: "Tack, rapporten är skickad" })).toBeVisible();
  reference = (await page.getByText("Rapportens nummer:").locator("b").textContent()) ?? "";
  expect(reference).not.toBe("");
  await expectSound(page, "the receipt");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("what is typed survives a reload, because it is a draft on the server", async ({ browser }) => {
  const { page } = await loggedIn(browser, city, "Medarbetare", phone);
  await page.getByLabel("Vad hände?").fill("Larmet gick inte igenom.");
  await expect(page.getByText(/^Sparat \d/)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Vad hände?")).toHaveValue("Larmet gick inte igenom.");
  await page.getByLabel("Vad hände?").fill("");
  await page.context().close();
});

test("the registrar registers it by keyboard", async ({ browser }, info) => {
  const { page, faults } = await loggedIn(browser, city, "Registrator");
  await expect(page.getByRole("heading", { name: "Registrera", exact: true })).toBeVisible();
  const row = page
    .getByRole("navigation", { name: "Kön" })
    .getByRole("link", { name: new RegExp(reference) });
  await row.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText(words)).toBeVisible();
  await expect(page.getByRole("radio", { name: /Avvikelse/ })).toBeChecked();
  await expect(page.getByLabel("Ämne")).not.toHaveValue("");
  await expectSound(page, "the desk");
  await picture(page, info, "desk");
  caseURL = page.url().replace("/registrera/", "/arenden/");
  await page.keyboard.press("Control+Enter");
  await said(page, /Registrerad som/);
  await expect(page.getByText(words)).toHaveCount(0);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the manager assesses, classifies and asks her own manager", async ({ browser }, info) => {
  const { page, faults } = await loggedIn(browser, city, "Enhetschef");
  await expect(page.getByRole("heading", { name: "Inkorg" })).toBeVisible();
  await expectSound(page, "the inbox");
  await picture(page, info, "inbox");
  await page.goto(caseURL);
  await expect(page.getByText(words)).toBeVisible();
  await step(page, /Börja bedöma/).click();
  await said(page, "Klart: Börja bedöma.");

  await expect(next(page)).toContainText("Bedöm först allvarlighetsgrad och sannolikhet");
  await step(page, /Klassificera/).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/^Kategori enligt/).selectOption({ index: 2 });
  await dialog.getByLabel("HSL").check();
  await dialog.getByRole("radio", { name: /Måttlig/ }).check();
  await dialog.getByRole("radio", { name: /Stor/ }).first().check();
  await dialog.getByLabel("Påverkar en enskild person").check();
  await dialog.getByRole("button", { name: "Spara" }).click();
  await said(page, "Klart: Klassificera.");

  await step(page, /Fråga närmaste chef/).click();
  await page.getByLabel("Din bedömning och fråga").fill("Tredje gången på en månad. Är det komplicerat?");
  await page.keyboard.press("Control+Enter");
  await said(page, "Klart: Fråga närmaste chef.");
  await expectSound(page, "the case");
  await picture(page, info, "case");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("her manager decides that it is complicated", async ({ browser }, info) => {
  const { page, faults } = await loggedIn(browser, city, "Avdelningschef");
  await page.goto("/app/att-bedoma");
  const card = page.getByRole("article").filter({ hasText: words });
  await expect(card).toBeVisible();
  await expectSound(page, "the questions");
  await picture(page, info, "consultations");
  await card.getByRole("radio", { name: /Komplicerat/ }).check();
  await card.getByLabel("Motivering").fill("Det har hänt förut och behöver utredas.");
  await card.getByRole("button", { name: "Besluta" }).click();
  await said(page, /Beslutet om .* är sparat/);
  await expect(card).toHaveCount(0);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the registrar gives it a number of its own", async ({ browser }) => {
  const { page } = await loggedIn(browser, city, "Registrator");
  await page.goto(caseURL);
  await step(page, /Ge eget diarienummer/).click();
  await said(page, "Klart: Ge eget diarienummer.");
  await page.context().close();
});

test("the manager delegates; the investigator finds causes and proposes measures", async ({
  browser,
}, info) => {
  const chef = await loggedIn(browser, city, "Enhetschef");
  await chef.page.goto(caseURL);
  await chef.page.getByText("Fler val").click();
  await chef.page.getByRole("button", { name: "Lämna över utredningen" }).click();
  const investigator = chef.page.getByLabel("Utredare").locator("option").nth(1);
  const name = ((await investigator.textContent()) ?? "").split(",")[0] ?? "";
  await chef.page.getByLabel("Utredare").selectOption({ index: 1 });
  await chef.page.getByRole("button", { name: "Lämna utredningen" }).click();
  await said(chef.page, "Klart: Lämna över utredningen.");
  await expect(chef.page.getByRole("complementary")).toContainText(name);

  const page = chef.page;
  await page.goto(`${caseURL}/utredning`);
  await page.getByLabel("Bakgrund").fill("Kvällspass med två vikarier.");
  await page.getByLabel("Slutsats").fill("Rutinen vid vikariat brister.");
  await page.getByLabel("Möjlig följd", { exact: true }).selectOption("3");
  await page.getByLabel("Sannolikhet", { exact: true }).selectOption("3");
  await expect(page.getByText(/^Sparat \d/)).toBeVisible();
  await expect(page.getByText("9 – hög")).toBeVisible();

  await page.getByRole("button", { name: "Lägg till orsak" }).click();
  await page.getByLabel("Orsak", { exact: true }).fill("Ingen överrapportering när vikarier tar över");
  await page.getByLabel("Område", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("dialog").getByRole("button", { name: "Lägg till" }).click();
  await said(page, "Orsaken är tillagd.");
  await expectSound(page, "the investigation");
  await picture(page, info, "investigation");

  await page.goto(`${caseURL}/atgarder`);
  for (const [title, strength, tied] of [
    ["Signering med påminnelse i telefonen", /^Stark/, true],
    ["Checklista vid överlämning", /^Medel/, false],
  ] as const) {
    await page.getByRole("button", { name: "Föreslå åtgärd" }).click();
    await page.getByLabel("Vad ska göras?").fill(title);
    if (tied) await page.getByLabel(/Vilken orsak/).selectOption({ index: 1 });
    await page.getByLabel("Slag av åtgärd").selectOption({ index: 1 });
    await page.getByRole("radio", { name: strength }).check();
    await page.getByLabel("Ansvarig").selectOption({ index: 1 });
    await page.getByLabel("Klar senast").fill(inDays(30));
    await page.getByRole("button", { name: "Lägg till åtgärden" }).click();
    await said(page, "Åtgärden är tillagd.");
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
  }
  expect(chef.faults).toEqual([]);
  await page.context().close();
});

test("the manager decides the measures, informs, answers, follows up and closes", async ({
  browser,
}, info) => {
  const { page, faults } = await loggedIn(browser, city, "Enhetschef");
  await page.goto(`${caseURL}/atgarder`);
  for (let left = 2; left > 0; left--) {
    await page.getByRole("button", { name: "Besluta", exact: true }).first().click();
    await page.getByRole("radio", { name: "Genomför åtgärden" }).check();
    await page.getByRole("dialog").getByRole("button", { name: "Besluta" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByText("Planerad", { exact: true })).toHaveCount(3 - left);
  }
  await step(page, /Besluta åtgärder/).click();
  await said(page, "Klart: Besluta åtgärder.");
  await picture(page, info, "measures");

  await step(page, /Skriv svar/).click();
  await page.getByRole("radio", { name: /Svar efter utredning/ }).check();
  await page.getByRole("radio", { name: /^Ja/ }).check();
  await page
    .getByLabel("Svar", { exact: true })
    .fill("Vi har infört signering med påminnelse. Tack för att du berättade.");
  await page.getByRole("button", { name: "Skicka svaret" }).click();
  await said(page, "Klart: Skriv svar.");

  await expect(next(page)).toContainText("återföringen till brukaren");
  await step(page, /Anteckna återföring/).click();
  await page.getByLabel("Datum").fill(inDays(0));
  await page.getByLabel("På vilket sätt?").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Spara återkopplingen" }).click();
  await said(page, "Klart: Anteckna återföring.");
  await step(page, /Gå vidare till uppföljning/).click();
  await said(page, "Klart: Gå vidare till uppföljning.");

  await expect(next(page)).toContainText(/Avsluta.*går inte ännu/);
  await page.goto(`${caseURL}/atgarder`);
  for (let round = 1; round <= 2; round++) {
    await page.getByRole("button", { name: "Markera som genomförd" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Spara" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.getByRole("button", { name: "Följ upp effekten" }).first().click();
    await page.getByRole("radio", { name: /^Ja/ }).check();
    await page.getByLabel("Hur vet du det?").fill("Stickprov i listan");
    await page.getByRole("button", { name: "Spara uppföljningen" }).click();
    await expect(page.getByText("Uppföljd", { exact: true })).toHaveCount(round);
  }
  await step(page, /^Avsluta/).click();
  await page.getByRole("radio", { name: "Nej", exact: true }).check();
  await page.getByLabel("Vad lärde vi oss?").fill("Överrapportering behöver stöd i telefonen.");
  await page.getByRole("dialog").getByRole("button", { name: "Avsluta" }).click();
  await said(page, "Klart: Avsluta.");
  await expect(page.getByText("Avslutad").first()).toBeVisible();

  await page.goto(`${caseURL}/historik`);
  await expect(page.getByRole("heading", { name: "Historik" })).toBeVisible();
  await expectSound(page, "the history");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the care worker reads what her report led to", async ({ browser }, info) => {
  const { page } = await loggedIn(browser, city, "Medarbetare", phone);
  await page.goto("/app/mina-rapporter");
  const row = page.getByRole("listitem").filter({ hasText: reference });
  await expect(row).toContainText("Avslutad");
  await expect(row).toContainText("Tack för att du berättade");
  await expect(row).toContainText(unit);
  await expectSound(page, "my reports");
  await picture(page, info, "mine-phone");
  await page.context().close();
});

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toLocaleDateString("sv-SE", {
    timeZone: "Europe/Stockholm",
  });
}
