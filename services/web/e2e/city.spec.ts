// Path 5 of the product: SLK opens the city's page. The run of missed doses stands out, a sentence says that it is not
// chance, and no cell lets anyone count to a person.
import { open, settled } from "./people";
import { expect, inspect, picture, test } from "./watch";

const slk = "slk@slk.demo";

test("the city's page says what is not chance, and shows no small number", async ({ page }, info) => {
  await open(page, slk, "/");
  await expect(page.getByRole("heading", { level: 1, name: /^Staden: / })).toBeVisible();
  const figure = page.getByRole("region", { name: "Mottagna per månad" });
  await expect(figure.locator(".ly-figure-text"), "the chart speaks").toContainText(/\p{L}{4,}.*\.$/u);
  const chart = page.getByRole("img", { name: "Mottagna per månad" }).first();
  await expect(chart).toBeVisible();
  await expect(chart.locator("desc")).not.toBeEmpty();

  const hidden = page.locator("td[data-hidden]");
  expect(await hidden.count()).toBeGreaterThan(0);
  for (const cell of await hidden.all()) {
    expect(await cell.evaluate((one) => one.outerHTML)).not.toMatch(
      />[^<]*\d|(aria-label|title|data-(?!hidden)\w+)="[^"]*\d/,
    );
  }
  await expect(hidden.first()).toContainText("–");
  const shown = await page.locator(".ly-heat td[data-step]").allInnerTexts();
  for (const text of shown) {
    const n = Number(text.replace(/\s/g, ""));
    expect(n === 0 || n >= 5, `${text} in a cell`).toBe(true);
  }

  await chart.focus();
  await page.keyboard.press("End");
  await expect(page.locator(".c-read").first()).toContainText(/20\d\d/);
  await inspect(page, "city");
  await picture(page, info, "city-page", 1150);
});

test("the run of missed doses stands out in a sentence, made of the same numbers", async ({ page }) => {
  await open(page, slk, "/staden");
  const says = page.getByRole("region", { name: "Det här sticker ut" });
  const sentence = says.getByRole("listitem").filter({ hasText: /^Läkemedel: / });
  await expect(sentence).toContainText("Det är sällan en slump.");
  const [, month, n] = /Senast (\p{L}+ \d{4}): (\d+)/u.exec(await sentence.innerText()) ?? [];

  await page.getByLabel("Kategori", { exact: true }).selectOption({ label: "Läkemedel" });
  await expect(page).toHaveURL(/kategori=LKM/);
  await settled(page);
  await expect(page.getByRole("region", { name: "Mottagna per månad" })).toContainText(
    "utanför kontrollgräns",
  );
  await page.getByText("Visa siffrorna: mottagna per månad").click();
  const row = page
    .getByRole("row")
    .filter({ hasText: month ?? "no month" })
    .first();
  await expect(row.getByRole("cell").first()).toHaveText(n ?? "no number");
  await expect(row).toContainText("Utanför kontrollgräns");
  await inspect(page, "city-medicine");
});

test("no case can be opened from there, nor by its address", async ({ page }) => {
  await open(page, slk, "/staden");
  await expect(page.locator("main a[href*=arenden]")).toHaveCount(0);
  for (const path of ["/arenden", "/inkorg", "/registrera", "/diarium", "/atgarder", "/att-bedoma"]) {
    await page.goto(`/app${path}`);
    await settled(page);
    await expect(page.locator("tbody tr, .desk, article")).toHaveCount(0);
  }
  await inspect(page, "city-no-cases");
  for (const path of ["cases", "register/queue", "register/entries", "measures"]) {
    const answer = await page.request.get(`/api/v1/${path}`);
    expect([403, 404], path).toContain(answer.status());
  }
});

test("nobody else opens the city's page", async ({ page }) => {
  await open(page, "chef@bromma.demo", "/staden");
  await expect(page.locator("svg[role=img]")).toHaveCount(0);
  expect((await page.request.get("/api/v1/insight/city")).status()).toBeGreaterThanOrEqual(403);
  await inspect(page, "city-refused");
});
