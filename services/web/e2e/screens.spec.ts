// Every screen of every role: sound at a desk, on a phone and at 320 pixels.
import { expect, test } from "@playwright/test";
import { expectSound, loggedIn, open, phone, picture } from "./person";

const narrow = { width: 320, height: 700 };

const screens = [
  { role: "Medarbetare", paths: ["/app/rapportera", "/app/mina-rapporter"] },
  {
    role: "Registrator",
    paths: ["/app/registrera", "/app/arenden", "/app/diarium", "/app/diarium?vy=offentlig", "/app/ta-emot"],
  },
  {
    role: "Enhetschef",
    paths: [
      "/app/inkorg",
      "/app/inkorg?status=ALLA&forsenade=ja",
      "/app/att-bedoma",
      "/app/atgarder",
      "/app/atgarder?visa=alla",
    ],
  },
  { role: "Utredare", paths: ["/app/utredningar"] },
  { role: "Verksamhetsutvecklare", paths: ["/app/arenden", "/app/atgarder"] },
];

for (const { role, paths } of screens) {
  test(`the screens of ${role} are sound`, async ({ browser }) => {
    const { page, faults } = await loggedIn(browser, "Bromma", role);
    for (const path of paths) {
      for (const viewport of [{ width: 1280, height: 900 }, phone, narrow]) {
        await page.setViewportSize(viewport);
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        await expect(page.getByText("gick inte att hämta")).toHaveCount(0);
        await expectSound(page, `${path} at ${viewport.width}`);
      }
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });
}

test("SLK sees the city's pattern, and no protected cell holds a digit", async ({ browser }, info) => {
  const { page, faults } = await loggedIn(browser, "Stadsledningskontoret", "Stadsledningskontoret");
  await expect(page.getByRole("heading", { level: 1, name: /^Staden/ })).toBeVisible();
  const chart = page.getByRole("img", { name: "Mottagna per månad" }).first();
  await expect(chart).toBeVisible();
  await expect(page.getByRole("heading", { name: "Stadsdel och kategori" })).toBeVisible();
  const hidden = page.locator("td[data-hidden]");
  expect(await hidden.count()).toBeGreaterThan(0);
  for (const text of await hidden.allTextContents()) expect(text).not.toMatch(/\d/);
  await chart.focus();
  await page.keyboard.press("End");
  await expect(page.locator(".c-read").first()).toContainText(/20\d\d/);
  await expectSound(page, "the city");
  await picture(page, info, "city");
  for (const viewport of [phone, narrow]) {
    await page.setViewportSize(viewport);
    await expectSound(page, `the city at ${viewport.width}`);
  }
  const links = await page.locator("main a[href*='arenden']").count();
  expect(links, "no case can be opened from the city's page").toBe(0);
  expect(faults).toEqual([]);
  await page.context().close();
});

test("a role without a screen, and an address without a page, are told so", async ({ browser }) => {
  const { page } = await loggedIn(browser, "Bromma", "Enhetschef");
  await page.goto("/app/finns-inte");
  await expect(page.getByRole("heading", { name: "Sidan finns inte" })).toBeVisible();
  await page.goto("/app/arenden/00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("heading", { name: "Sidan finns inte" })).toBeVisible();
  await page.context().close();
});

test("the login page is sound and says what is wrong without saying which", async ({ browser }, info) => {
  const [page, faults] = await open(browser);
  await page.goto("/app/inkorg");
  await expectSound(page, "the login");
  await picture(page, info, "login");
  await page.getByRole("button", { name: "Logga in" }).click();
  await expect(page.getByRole("alert")).toContainText("Skriv ditt användarnamn");
  await page.getByLabel("Användarnamn").fill("ingen@bromma.demo");
  await page.getByLabel("Lösenord", { exact: true }).fill("inte-rätt-lösenord");
  await page.getByRole("button", { name: "Logga in" }).click();
  await expect(page.getByRole("alert")).toContainText("Användarnamnet eller lösenordet stämmer inte.");
  await expectSound(page, "the refused login");
  expect(faults).toEqual([]);
  await page.context().close();
});

test("the keyboard opens help, walks the list and opens a case", async ({ browser }) => {
  const { page } = await loggedIn(browser, "Bromma", "Enhetschef");
  await page.goto("/app/inkorg?status=ALLA");
  await expect(page.locator("tbody tr").nth(1)).toBeVisible();
  await page.keyboard.press("Shift+?");
  await expect(page.getByRole("dialog", { name: "Arbeta med tangentbordet" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.locator("tbody tr").first().focus();
  await page.keyboard.press("j");
  await expect(page.locator("tbody tr").nth(1)).toBeFocused();
  await page.keyboard.press(" ");
  await expect(page.getByRole("region", { name: "Förhandsvisning" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/app\/arenden\//);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await page.context().close();
});

test("after logging out nothing is left to see", async ({ browser }) => {
  const { page } = await loggedIn(browser, "Bromma", "Enhetschef");
  await page.getByText("Ditt konto").or(page.locator(".ly-menu > summary")).first().click();
  await page.getByRole("button", { name: "Logga ut" }).click();
  await expect(page.getByRole("heading", { name: "Logga in i Lyhörd" })).toBeVisible();
  await page.goto("/app/inkorg");
  await expect(page.getByRole("heading", { name: "Logga in i Lyhörd" })).toBeVisible();
  await page.context().close();
});
