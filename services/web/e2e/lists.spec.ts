// The list screens of the roles beyond their first page, and what is not there.
import { open } from "./people";
import { expect, inspect, test } from "./watch";

const screens = [
  { who: "medarbetare", paths: ["/mina-rapporter"] },
  { who: "registrator", paths: ["/arenden", "/diarium", "/diarium?vy=offentlig", "/ta-emot"] },
  { who: "chef", paths: ["/inkorg?status=ALLA&forsenade=ja", "/att-bedoma", "/atgarder?visa=alla"] },
  { who: "utredare", paths: ["/utredningar"] },
  { who: "verksamhetsutvecklare", paths: ["/arenden", "/atgarder?visa=forsenade"] },
];

for (const { who, paths } of screens) {
  test(`the lists of ${who} can be read by everyone`, async ({ page }) => {
    for (const path of paths) {
      await open(page, `${who}@bromma.demo`, path);
      await expect(page.getByText("gick inte att hämta")).toHaveCount(0);
      await inspect(page, `${who}${path.replace(/\W+/g, "-")}`);
    }
  });
}

test("an address without a page, and a case that is not there, look the same", async ({ page }) => {
  await open(page, "chef@bromma.demo", "/finns-inte");
  await expect(page.getByRole("heading", { name: "Sidan finns inte" })).toBeVisible();
  await page.goto("/app/arenden/00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("heading", { name: "Sidan finns inte" })).toBeVisible();
});
