// What holds on every screen, whoever is logged in: sound, readable at 320 px, usable by keyboard, and honest when there
// is nothing to show or no right to see it.
import { enter, everyRole, open, password, settled } from "./people";
import { expect, inspect, picture, showsFocus, test } from "./watch";

test("the login offers people by role, and says what is wrong without saying which", async ({
  page,
}, info) => {
  await page.goto("/app/");
  await settled(page);
  await inspect(page, "login");
  await picture(page, info, "login");
  await page.getByRole("button", { name: "Logga in" }).click();
  await expect(page.getByRole("alert")).toContainText("Skriv ditt användarnamn");
  await expect(page.getByRole("alert")).toBeFocused();
  await page.getByLabel("Användarnamn").fill("ingen@bromma.demo");
  await page.getByLabel("Lösenord", { exact: true }).fill(`${password}!`);
  await page.getByRole("button", { name: "Logga in" }).click();
  await expect(page.getByRole("alert")).toContainText("Användarnamnet eller lösenordet stämmer inte.");
  await inspect(page, "login-refused");
});

test("every role has a first page", async ({ page }) => {
  test.setTimeout(180_000);
  for (const { login, role } of await everyRole(page)) {
    await test.step(login, async () => {
      await open(page, login, "/");
      await inspect(page, `first-${role}`);
    });
  }
});

const screens = [
  ["chef@bromma.demo", "/inkorg?status=ALLA&forsenade=ja", "inbox-late"],
  ["chef@bromma.demo", "/att-bedoma", "consultations-none"],
  ["chef@bromma.demo", "/atgarder?visa=alla", "measures-all"],
  ["registrator@bromma.demo", "/ta-emot", "take-down"],
  ["registrator@bromma.demo", "/arenden", "cases"],
  ["chef@bromma.demo", "/finns-inte", "no-page"],
] as const;
for (const [login, path, name] of screens) {
  test(`${name} is sound`, async ({ page }) => {
    await open(page, login, path);
    await inspect(page, name);
  });
}

test("who has no right to a page is told so, and sees nothing of it", async ({ page }) => {
  await open(page, "medarbetare@bromma.demo", "/inkorg");
  await expect(page.locator("tbody tr")).toHaveCount(0);
  await inspect(page, "no-permission");
});

test("a list that cannot be fetched says so and tries again", async ({ page }) => {
  await enter(page, "chef@bromma.demo");
  let broken = true;
  await page.route("**/api/v1/cases?*", (route) =>
    broken
      ? route.fulfill({
          status: 409,
          contentType: "application/problem+json",
          body: '{"status":409,"title":"x"}',
        })
      : route.continue(),
  );
  await page.goto("/app/inkorg");
  await expect(page.getByText("Listan gick inte att hämta.")).toBeVisible();
  await inspect(page, "inbox-failed");
  broken = false;
  await page.getByRole("button", { name: "Försök igen" }).click();
  await expect(page.locator("tbody tr").first()).toBeVisible();
});

test("a filter that hits nothing can be cleared", async ({ page }) => {
  await open(page, "chef@bromma.demo", "/inkorg?status=VANTAR&typ=LEX_SARAH");
  await expect(page.getByText("Inga ärenden matchar")).toBeVisible();
  await inspect(page, "inbox-empty");
  await page.getByRole("button", { name: "Rensa filter" }).last().click();
  await expect(page.locator("tbody tr").first()).toBeVisible();
});

test("the keyboard walks the inbox, peeks, opens a case and shows where it is", async ({ page }) => {
  await open(page, "chef@bromma.demo", "/inkorg?status=ALLA");
  await expect(page.locator("tbody tr").nth(1)).toBeVisible();
  await page.keyboard.press("Shift+?");
  await expect(page.getByRole("dialog", { name: "Arbeta med tangentbordet" })).toBeVisible();
  await inspect(page, "keyboard-help", { dialog: true });
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Hoppa till innehållet" })).toBeFocused();
  await showsFocus(page, 12);
  await page.locator("tbody tr").first().focus();
  await page.keyboard.press("j");
  await expect(page.locator("tbody tr").nth(1)).toBeFocused();
  await page.keyboard.press(" ");
  await expect(page.getByRole("region", { name: "Förhandsvisning" })).toBeVisible();
  const clipped = await page
    .locator(".inbox .ly-tablebox")
    .evaluate((box) => box.scrollWidth - box.clientWidth);
  expect(clipped, "the list beside the preview is whole").toBeLessThanOrEqual(0);
  await inspect(page, "inbox-peek");
  await page.locator("tbody tr").nth(1).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/app\/arenden\//);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await settled(page);
  await showsFocus(page, 20);
});

test("after logging out nothing is left to see", async ({ page }) => {
  // A session of its own: ending it must not end the one that other tests use.
  await page.request.post("/api/v1/session", { data: { login: "registrator@farsta.demo", password } });
  await page.goto("/app/");
  await page.locator(".ly-menu > summary").click();
  await inspect(page, "account", { dialog: true });
  await page.getByRole("button", { name: "Logga ut" }).click();
  await expect(page.getByRole("heading", { name: "Logga in i Lyhörd" })).toBeVisible();
  await page.goto("/app/arenden");
  await expect(page.getByRole("heading", { name: "Logga in i Lyhörd" })).toBeVisible();
});
