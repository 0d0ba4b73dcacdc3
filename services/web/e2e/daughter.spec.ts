// Part of path 4 of the product: a daughter writes without saying who she is, gets a code, reads the answer with it and
// writes back. The form needs no JavaScript and leaves no cookie.
import type { Page } from "@playwright/test";
import { open } from "./people";
import { expect, inspect, phone, picture, showsFocus, test } from "./watch";

test.describe.configure({ mode: "serial" });

const chef = "chef@bromma.demo";
const now = new Date().toLocaleTimeString("sv-SE", { timeZone: "Europe/Stockholm" });
const words = `Ingen kom till min mamma i söndags morse, och ingen visste något när jag ringde ${now}.`;
const answer = "Vi har ändrat hur vi lämnar över mellan passen. Förlåt för det som hände.";
let code = "";
let id = "";

const next = (page: Page) =>
  page.getByRole("button", { name: "Fortsätt", exact: true }).filter({ visible: true });
const step = (page: Page, name: string) => page.locator(".case-next").getByRole("button", { name });
const said = (page: Page, text: string | RegExp) =>
  expect(page.getByRole("status").getByText(text).last()).toBeVisible();

const showCase = async (page: Page, text: string) => {
  await page.goto("/t/bromma/sv/svar");
  await page.getByLabel("Din kod").fill(text);
  await page.getByRole("button", { name: "Visa mitt ärende" }).click();
};

test.describe("on her phone", () => {
  test.use({ viewport: phone });

  test("she answers four questions and gets a code", async ({ page }, info) => {
    await page.goto("/t/");
    await inspect(page, "public-choose");
    await page.getByRole("link", { name: /^Bromma/ }).click();
    await inspect(page, "public-form-1");
    await next(page).click();
    await expect(page.locator("#fel")).toBeFocused();
    await expect(page).toHaveTitle(/^Fel:/);
    await inspect(page, "public-form-error");

    await page.getByLabel("Berätta med egna ord").fill(words);
    await picture(page, info, "public-form");
    await next(page).click();
    await expect(page.getByRole("heading", { name: "Var och när", exact: false })).toBeFocused();
    await inspect(page, "public-form-2");
    await page.goBack();
    await expect(page.getByLabel("Berätta med egna ord")).toHaveValue(words);
    await page.goForward();
    await page.getByRole("combobox").first().selectOption({ index: 1 });
    await next(page).click();
    await inspect(page, "public-form-3");
    await page.getByRole("radio", { name: /Ja, med en kod/ }).check();
    await next(page).click();
    await expect(page.locator("[data-of=berattelse]")).toHaveText(words);
    await inspect(page, "public-form-4");
    await page.getByRole("button", { name: "Skicka" }).click();

    const shown = page.locator("#kod");
    await expect(shown).toBeVisible();
    code = (await shown.innerText()).replace(/\s+/g, "");
    expect(code).toMatch(/^[0-9A-Z]{24}$/);
    await expect(page.getByText(words)).toHaveCount(0);
    expect(page.url(), "no code in an address").not.toContain(code.slice(0, 4));
    expect(await page.context().cookies(), "no cookie").toEqual([]);
    await inspect(page, "public-receipt", { allow: /./ });
    await picture(page, info, "public-receipt");
  });

  test("the form shows where the keyboard is", async ({ page }) => {
    await page.goto("/t/bromma/sv/");
    await showsFocus(page, 8);
  });
});

test.describe("without JavaScript", () => {
  test.use({ viewport: phone, javaScriptEnabled: false });

  test("she fills in one short page and gets a code as well", async ({ page }) => {
    await page.goto("/t/bromma/sv/");
    await page.getByRole("button", { name: "Skicka" }).click();
    await expect(page.getByText("Skriv vad du vill berätta").first()).toBeVisible();
    await page.getByLabel("Berätta med egna ord").fill("Maten var kall tre dagar i rad.");
    await page.getByRole("button", { name: "Skicka" }).click();
    await expect(page.getByLabel("Berätta med egna ord")).toHaveValue("Maten var kall tre dagar i rad.");
    await page.getByRole("radio", { name: /Ja, med en kod/ }).check();
    await page.getByRole("button", { name: "Skicka" }).click();
    const own = (await page.locator("#kod").innerText()).replace(/\s+/g, "");
    expect(own).toMatch(/^[0-9A-Z]{24}$/);
    await showCase(page, own);
    await expect(page.getByRole("heading", { level: 1, name: "Ditt ärende" })).toBeVisible();
    await expect(page.getByText(/Inget svar än/)).toBeVisible();
  });
});

test("the registrar registers it as a complaint, and knows no name", async ({ page }) => {
  await open(page, "registrator@bromma.demo", "/registrera");
  const rows = page.getByRole("navigation", { name: "Kön" }).getByRole("link", { name: /Webbformulär/ });
  // The one without JavaScript came after it.
  await rows.nth(1).click();
  await expect(page.getByText(words)).toBeVisible();
  await expect(page.getByText(/Personen är anonym\. Svaret läses med kod\./)).toBeVisible();
  id = page.url().split("/").at(-1) ?? "";
  await page.keyboard.press("Alt+K");
  await expect(page.getByRole("radio", { name: /^Klagomål/ })).toBeChecked();
  await page.getByLabel("Ämne").fill("Klagomål om utebliven insats");
  await page.getByLabel("Enhet", { exact: true }).selectOption({ label: await unitOf(page, chef) });
  await page.keyboard.press("Control+Enter");
  await said(page, /Registrerad som/);
});

test("the manager asks her own, and answers", async ({ page }) => {
  await open(page, chef, `/arenden/${id}`);
  await step(page, "Börja bedöma").click();
  await said(page, "Klart: Börja bedöma.");
  await step(page, "Klassificera").click();
  await page.getByLabel("Kategori", { exact: false }).first().selectOption({ index: 1 });
  await page.getByRole("dialog").getByRole("button", { name: "Spara" }).click();
  await said(page, "Klart: Klassificera.");
  await step(page, "Fråga närmaste chef").click();
  await page.getByLabel("Din bedömning och fråga").fill("Jag bedömer att det är enkelt.");
  await page.keyboard.press("Control+Enter");
  await said(page, "Klart: Fråga närmaste chef.");

  await open(page, "avdelningschef@bromma.demo", "/att-bedoma");
  const card = page.getByRole("article").filter({ hasText: words });
  await card.getByRole("radio", { name: /Enkelt/ }).check();
  await card.getByLabel("Motivering").fill("Avgränsat, enheten kan svara.");
  await card.getByRole("button", { name: "Besluta" }).click();
  await said(page, /är sparat/);

  await open(page, chef, `/arenden/${id}`);
  await step(page, "Skriv svar").click();
  await page.getByRole("radio", { name: /Enkelt svar/ }).check();
  await page.getByLabel("Svar", { exact: true }).fill(answer);
  await inspect(page, "reply", { dialog: true });
  await page.getByRole("button", { name: "Skicka svaret" }).click();
  await said(page, "Klart: Skriv svar.");
});

test("she reads the answer with her code and writes back", async ({ page }) => {
  await page.setViewportSize(phone);
  await page.goto("/t/bromma/sv/svar");
  await inspect(page, "public-code");
  await showCase(page, code.toLowerCase());
  await expect(page.getByText(answer)).toBeVisible();
  await expect(page.getByText(words)).toHaveCount(0);
  expect(page.url()).not.toContain(code.slice(0, 4));
  await inspect(page, "public-answer");
  await page.getByLabel("Ditt meddelande").fill("Tack för svaret. Det känns tryggare nu.");
  await page.getByRole("button", { name: "Skicka meddelandet" }).click();
  await expect(page.getByText("Tack, meddelandet är skickat.")).toBeVisible();
  await expect(page.getByText("Det känns tryggare nu.")).toBeVisible();
  await inspect(page, "public-written");
  await page.getByRole("link", { name: "Stäng och dölj ärendet" }).click();
  await expect(page.getByLabel("Din kod")).toHaveValue("");
  await page.goBack();
  await expect(page.getByText(answer)).toHaveCount(0);

  await open(page, chef, `/arenden/${id}/meddelanden`);
  await expect(page.getByText("Det känns tryggare nu.")).toBeVisible();
  await inspect(page, "messages");
});

test("a wrong code shows nothing", async ({ page }) => {
  await showCase(page, "0000 0000 0000 0000 0000 0000");
  await expect(page.getByText(/Koden stämmer inte/).first()).toBeVisible();
  await expect(page.getByLabel("Ditt meddelande")).toHaveCount(0);
  await inspect(page, "public-wrong-code");
});

test("the pages about the service are sound", async ({ page }) => {
  for (const [path, name] of [
    ["sa-gar-det-till", "public-how"],
    ["tillganglighet", "public-a11y"],
    ["personuppgifter", "public-privacy"],
    ["finns-inte", "public-missing"],
  ] as const) {
    await page.goto(`/t/bromma/sv/${path}`);
    await inspect(page, name);
  }
});

/** The unit that somebody leads. */
async function unitOf(page: Page, login: string): Promise<string> {
  const { groups } = await (await page.request.get("/api/v1/demo/logins")).json();
  const logins = groups.flatMap((group: { logins: { login: string; name: string }[] }) => group.logins);
  const { name } = logins.find((one: { login: string }) => one.login === login);
  const { items } = await (await page.request.get("/api/v1/units")).json();
  type Unit = { kind: string; name: string; manager: { name: string } | null };
  return items.find((unit: Unit) => unit.kind === "ENHET" && unit.manager?.name === name).name;
}
