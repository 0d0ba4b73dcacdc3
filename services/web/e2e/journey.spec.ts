// Paths 2 and 3 of the product: the report on the registrar's desk, and its way through the manager's hands until it is
// closed. At each step the page says what comes next and, for what is not yet possible, why.
import type { Page } from "@playwright/test";
import { enter, open, settled } from "./people";
import { expect, inspect, picture, test } from "./watch";

test.describe.configure({ mode: "serial" });

const now = new Date().toLocaleTimeString("sv-SE", { timeZone: "Europe/Stockholm" });
const words = `Kvällsdosen gavs inte. Tabletterna låg kvar i dosetten när jag tittade ${now}.`;
const chef = "chef@bromma.demo";
let id = "";
let reference = "";
let entryNo = "";
let subject = "";

const casePath = (tab = "") => `/arenden/${id}${tab}`;
const next = (page: Page) => page.locator(".case-next");
const step = (page: Page, name: string) => next(page).getByRole("button", { name });
const said = (page: Page, text: string | RegExp) =>
  expect(page.getByRole("status").getByText(text).last()).toBeVisible();

/** Why a step is not yet possible: the sentence beside its name. */
async function notYet(page: Page, act: string, why: string | RegExp): Promise<void> {
  const more = next(page).getByText(/^Går inte ännu/);
  if (await more.isVisible()) await more.click();
  const line = next(page).locator("li, p").filter({ hasText: act }).filter({ hasText: why });
  await expect(line.first(), `${act} is not yet possible, and says why`).toBeVisible();
  await expect(step(page, act)).toHaveCount(0);
}

test("a script reports by the same API as the screens", async ({ page }) => {
  await enter(page, "medarbetare@bromma.demo");
  const session = await (await page.request.get("/api/v1/session")).json();
  const answer = await page.request.post("/api/v1/cases", {
    headers: { "Idempotency-Key": crypto.randomUUID() },
    data: {
      unit_id: session.home_unit_id,
      category: "LKM",
      harm: "KUNDE_HA_HANT",
      narrative: words,
      happened_at: null,
    },
  });
  expect(answer.status()).toBe(201);
  ({ id, reference } = await answer.json());
});

test("the registrar finds it on top and registers it with two keys", async ({ page }, info) => {
  await open(page, "registrator@bromma.demo", "/registrera");
  const queue = page.getByRole("navigation", { name: "Kön" }).getByRole("link");
  await expect(queue.first()).toContainText(reference);
  await expect(page.getByText(words)).toBeVisible();
  subject = await page.getByLabel("Ämne").inputValue();
  expect(subject).not.toBe("");
  await inspect(page, "desk");
  await picture(page, info, "registrar-desk");
  await page.keyboard.press("Control+Enter");
  await said(page, /Registrerad som/);
  await expect(queue.filter({ hasText: reference })).toHaveCount(0);
  await expect(page.getByText(words)).toHaveCount(0);
});

test("it stands in the collective file Avvikelser, numbered and secret, and says little to the public", async ({
  page,
}) => {
  await open(page, "registrator@bromma.demo", "/diarium");
  const file = page.getByLabel("Akt");
  const avvikelser = file.locator("option").filter({ hasText: "Avvikelser" }).first();
  await file.selectOption((await avvikelser.getAttribute("value")) ?? "");
  const row = page.locator("tbody tr").filter({ has: page.locator(`a[href$="${id}"]`) });
  await expect(row).toContainText(subject);
  await expect(row).toContainText(/OSL/);
  entryNo = (await row.getByRole("link").first().innerText()).trim();
  expect(entryNo).toMatch(/\d/);
  await inspect(page, "register");

  await page.getByRole("link", { name: "Offentlig" }).click();
  const open_ = page.locator("tbody tr").filter({ hasText: entryNo });
  await expect(open_).toBeVisible();
  await expect(open_).not.toContainText(subject);
  await expect(open_).toContainText("visas inte");
  await inspect(page, "register-public");
});

test("the manager's mail says only that there is something to read", async ({ page }) => {
  const mails = async () => {
    const answer = await page.request.get("/dev/mail", { headers: { Accept: "application/json" } });
    const { items } = (await answer.json()) as { items: { to: string; subject: string; body: string }[] };
    return items.filter((mail) => mail.to.startsWith("chef@bromma"));
  };
  await expect.poll(async () => (await mails()).length, { timeout: 20_000 }).toBeGreaterThan(0);
  for (const mail of await mails()) {
    const text = `${mail.subject}\n${mail.body}`;
    expect(text).toMatch(/läsa/);
    for (const word of [
      "dos",
      "Tablett",
      "läkemedel",
      "Avvikelse",
      "Älgört",
      subject,
      entryNo,
      reference,
      id,
    ]) {
      expect(text.toLowerCase(), "a mail carries no content").not.toContain(word.toLowerCase());
    }
  }
});

test("the manager assesses it, and cannot skip the question to her own manager", async ({ page }, info) => {
  await open(page, chef, "/inkorg");
  await expect(page.getByRole("link", { name: subject }).first()).toBeVisible();
  await inspect(page, "inbox");
  await picture(page, info, "inbox");
  await open(page, chef, casePath());
  await expect(page.getByText(words)).toBeVisible();
  await step(page, "Börja bedöma").click();
  await said(page, "Klart: Börja bedöma.");

  await notYet(page, "Fråga närmaste chef", /allvarlighetsgrad och sannolikhet/);
  await step(page, "Klassificera").click();
  const dialog = page.getByRole("dialog");
  await inspect(page, "classify", { dialog: true });
  await dialog.getByLabel(/^Kategori enligt/).selectOption({ index: 2 });
  await dialog.getByLabel("HSL").check();
  await dialog.getByRole("radio", { name: /Måttlig/ }).check();
  await dialog.getByRole("radio", { name: /^Stor/ }).first().check();
  await dialog.getByLabel("Påverkar en enskild person").check();
  await dialog.getByRole("button", { name: "Spara" }).click();
  await said(page, "Klart: Klassificera.");

  await notYet(page, "Starta utredning", /./);
  await step(page, "Fråga närmaste chef").click();
  await page.getByLabel("Din bedömning och fråga").fill("Tredje gången på en månad. Är det komplicerat?");
  await page.keyboard.press("Control+Enter");
  await said(page, "Klart: Fråga närmaste chef.");
  await expect(next(page)).toContainText("Handläggarens chef avgör");
  await inspect(page, "case-consulting");
});

test("the head of department decides that it is complicated", async ({ page }) => {
  await open(page, "avdelningschef@bromma.demo", "/att-bedoma");
  const card = page.getByRole("article").filter({ hasText: words });
  await expect(card).toContainText("Är det komplicerat?");
  await inspect(page, "consultations");
  await card.getByRole("button", { name: "Besluta" }).click();
  await expect(card.getByText("Välj enkelt eller komplicerat")).toBeVisible();
  await card.getByRole("radio", { name: /Komplicerat/ }).check();
  await card.getByLabel("Motivering").fill("Det har hänt förut och behöver utredas.");
  await card.getByRole("button", { name: "Besluta" }).click();
  await said(page, /Beslutet om .* är sparat/);
  await expect(card).toHaveCount(0);
});

test("the registrar gives the complicated case a number of its own", async ({ page }) => {
  await open(page, "registrator@bromma.demo", casePath());
  await step(page, "Ge eget diarienummer").click();
  await said(page, "Klart: Ge eget diarienummer.");
  await expect(page.locator(".case-meta b")).toContainText(`${entryNo} · `);
});

let investigator = "";

test("the manager delegates the investigation", async ({ page }) => {
  await open(page, chef, casePath());
  await expect(page.getByText("Det har hänt förut och behöver utredas.")).toBeVisible();
  await page.getByText("Fler val").click();
  await page.getByRole("button", { name: "Lämna över utredningen" }).click();
  const logins = await (await page.request.get("/api/v1/demo/logins")).json();
  const bromma = logins.groups.find((group: { tenant: { slug: string } }) => group.tenant.slug === "bromma");
  investigator = bromma.logins.find((one: { login: string }) => one.login === "utredare@bromma.demo").name;
  const person = page.getByLabel("Utredare");
  const option = person.locator("option").filter({ hasText: investigator });
  await person.selectOption((await option.getAttribute("value")) ?? "");
  await page.getByRole("button", { name: "Lämna utredningen" }).click();
  await said(page, "Klart: Lämna över utredningen.");
  await expect(page.getByRole("complementary", { name: "Om ärendet" })).toContainText(investigator);
  await notYet(page, "Besluta åtgärder", /./);
});

test("the investigator finds the cause and proposes two measures, but decides nothing", async ({ page }) => {
  await open(page, "utredare@bromma.demo", "/utredningar");
  await page.getByRole("link", { name: subject }).first().waitFor();
  await open(page, "utredare@bromma.demo", casePath("/utredning"));
  await page.getByLabel("Bakgrund").fill("Kvällspass med två vikarier.");
  await page.getByLabel("Vad hände", { exact: true }).fill("Dosetten stod kvar i skåpet klockan 21.");
  await page.getByLabel("Slutsats").fill("Rutinen vid vikariat brister.");
  await page.getByLabel("Faktisk följd", { exact: true }).selectOption("1");
  await page.getByLabel("Möjlig följd", { exact: true }).selectOption("3");
  await page.getByLabel("Sannolikhet", { exact: true }).selectOption("3");
  await expect(page.getByText("9 – hög").first()).toBeVisible();
  await expect(page.getByText(/^Sparat \d/)).toBeVisible();

  await page.getByRole("button", { name: "Lägg till orsak" }).click();
  await page.getByLabel("Orsak", { exact: true }).fill("Ingen överrapportering när vikarier tar över");
  await page.getByLabel("Område", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("dialog").getByRole("button", { name: "Lägg till" }).click();
  await said(page, "Orsaken är tillagd.");
  await inspect(page, "investigation");

  await page
    .getByRole("link", { name: /^Åtgärder/ })
    .last()
    .click();
  for (const [title, strength] of [
    ["Signering med påminnelse i telefonen", "Stark"],
    ["Checklista när vikarier tar över", "Medel"],
  ] as const) {
    await page.getByRole("button", { name: "Föreslå åtgärd" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Lägg till åtgärden" }).click();
    await expect(dialog.getByRole("alert")).toBeFocused();
    await dialog.getByLabel("Vad ska göras?").fill(title);
    await dialog.getByLabel(/Vilken orsak/).selectOption({ index: 1 });
    await dialog.getByLabel("Slag av åtgärd").selectOption({ index: 1 });
    await dialog.getByRole("radio", { name: new RegExp(`^${strength}`) }).check();
    await dialog.getByLabel("Ansvarig").selectOption({ index: 1 });
    await dialog.getByLabel("Klar senast").fill(inDays(30));
    await dialog.getByRole("button", { name: "Lägg till åtgärden" }).click();
    await said(page, "Åtgärden är tillagd.");
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
  }
  await expect(page.getByRole("button", { name: "Besluta", exact: true })).toHaveCount(0);
  await inspect(page, "measures");
});

test("the manager decides the measures, answers and informs the person", async ({ page }, info) => {
  await open(page, chef, casePath("/atgarder"));
  for (const decided of [1, 2]) {
    await page.getByRole("button", { name: "Besluta", exact: true }).first().click();
    await page.getByRole("radio", { name: "Genomför åtgärden" }).check();
    await page.getByRole("dialog").getByRole("button", { name: "Besluta" }).click();
    await expect(page.getByText("Planerad", { exact: true })).toHaveCount(decided);
  }
  await step(page, "Besluta åtgärder").click();
  await said(page, "Klart: Besluta åtgärder.");
  await page.goto(`/app${casePath()}`);
  await settled(page);
  await picture(page, info, "case-page");
  await inspect(page, "case");

  await step(page, "Skriv svar").click();
  await page.getByRole("radio", { name: /Svar efter utredning/ }).check();
  await page.getByRole("radio", { name: "Ja", exact: true }).check();
  await page
    .getByLabel("Svar", { exact: true })
    .fill("Vi har infört signering med påminnelse. Tack för att du berättade.");
  await page.getByRole("button", { name: "Skicka svaret" }).click();
  await said(page, "Klart: Skriv svar.");

  await notYet(page, "Gå vidare till uppföljning", /brukaren|personen/);
  await step(page, "Anteckna återföring").click();
  await page.getByLabel("Datum").fill(inDays(0));
  await page.getByLabel("På vilket sätt?").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Spara återkopplingen" }).click();
  await said(page, "Klart: Anteckna återföring.");
  await step(page, "Gå vidare till uppföljning").click();
  await said(page, "Klart: Gå vidare till uppföljning.");
});

test("she cannot close it before the effect is known, and then closes it", async ({ page }) => {
  await open(page, chef, casePath("/atgarder"));
  await notYet(page, "Avsluta", /Signering med påminnelse i telefonen|uppföljning/);
  for (const round of [1, 2]) {
    await page.getByRole("button", { name: "Markera som genomförd" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Spara" }).click();
    await page.getByRole("button", { name: "Följ upp effekten" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: "Ja", exact: true }).check();
    await dialog.getByLabel("Hur vet du det?").selectOption({ label: "Granskning av dokumentation" });
    await dialog.getByRole("button", { name: "Spara uppföljningen" }).click();
    await expect(page.getByText("Uppföljd", { exact: true })).toHaveCount(round);
  }
  await step(page, "Avsluta").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Nej", exact: true }).check();
  await dialog.getByLabel("Vad lärde vi oss?").fill("Överrapportering behöver stöd i telefonen.");
  await dialog.getByRole("button", { name: "Avsluta" }).click();
  await said(page, "Klart: Avsluta.");
  await expect(next(page)).toContainText("Ärendet är avslutat");
  await page.getByRole("link", { name: "Historik" }).last().click();
  await expect(page.getByRole("heading", { name: "Historik" })).toBeVisible();
  await inspect(page, "history");
});

test("the care worker reads what her report led to", async ({ page }) => {
  await open(page, "medarbetare@bromma.demo", "/mina-rapporter");
  const row = page.getByRole("listitem").filter({ hasText: reference });
  await expect(row).toContainText("Avslutad");
  await expect(row).toContainText("Tack för att du berättade");
});

test("another organisation's case looks exactly like one that does not exist", async ({ page }) => {
  const look = async (which: string) => {
    await open(page, "chef@farsta.demo", `/arenden/${which}`);
    await expect(page.getByRole("heading", { name: "Sidan finns inte" })).toBeVisible();
    return { main: await page.locator("main").innerHTML(), title: await page.title() };
  };
  const foreign = await look(id);
  expect(foreign).toEqual(await look("00000000-0000-4000-8000-000000000000"));
  const body = async (which: string) => (await page.request.get(`/api/v1/cases/${which}`)).text();
  const plain = (text: string) => text.replace(/"instance":"[^"]*"/, "");
  expect(plain(await body(id))).toBe(plain(await body("00000000-0000-4000-8000-000000000000")));
  await inspect(page, "not-found");
});

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toLocaleDateString("sv-SE", {
    timeZone: "Europe/Stockholm",
  });
}
