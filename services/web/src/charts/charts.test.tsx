import { renderToStaticMarkup } from "react-dom/server";
import { describe as group, expect, test } from "vitest";
import { Bars, describe, Figure, Heat, type Series, Spc } from ".";
import { stepper } from "./Heat";

const series: Series = {
  name: "Mottagna per månad",
  summary: "1 månad utanför kontrollgränsen.",
  points: [
    { x: "2026-01", y: 21 },
    { x: "2026-02", y: 46, rule: "outside" },
    { x: "2026-03", y: null },
    { x: "2026-04", y: 28, rule: "run" },
  ],
  phases: [{ from: "2026-01", to: "2026-04", mean: 26.3, ucl: 38.9, lcl: 13.8 }],
};

group("a run of months", () => {
  test("is described with every signal, its month and its value", () => {
    const text = describe(series);
    expect(text).toContain("februari 2026: 46, utanför kontrollgräns");
    expect(text).toContain("april 2026: 28, åtta i rad på samma sida om medel");
    expect(text).toContain("1 månad visas inte");
  });

  test("draws a signal with a shape of its own, and no inline style", () => {
    const html = renderToStaticMarkup(<Spc series={series} />);
    expect(html.match(/class="c-outside"/g)).toHaveLength(1);
    expect(html.match(/class="c-run"/g)).toHaveLength(1);
    expect(html).not.toContain("style=");
  });

  test("breaks the line at a protected month and draws nothing there", () => {
    const html = renderToStaticMarkup(<Spc series={series} />);
    expect(html.match(/class="c-(dot|run|outside|zone)"/g)).toHaveLength(3);
    const path = /class="c-line" d="([^"]+)"/.exec(html)?.[1] ?? "";
    expect(path.match(/M/g)).toHaveLength(2);
  });

  test("shows a month that is not over, but leaves it out of the line", () => {
    const points = [...series.points, { x: "2026-05", y: 9, incomplete: true }];
    const html = renderToStaticMarkup(<Spc series={{ ...series, points }} />);
    expect(html.match(/class="c-open"/g)).toHaveLength(1);
    expect(/class="c-line" d="([^"]+)"/.exec(html)?.[1]).toBe(
      /class="c-line" d="([^"]+)"/.exec(
        renderToStaticMarkup(
          <Spc series={{ ...series, points: [...series.points, { x: "2026-05", y: null }] }} />,
        ),
      )?.[1],
    );
    expect(describe({ ...series, points })).not.toContain("maj 2026: 9, utanför");
  });

  test("says so when there is nothing to draw", () => {
    expect(describe({ ...series, points: [] })).toBe("Det finns inga siffror att visa för valet.");
  });
});

group("a heat map", () => {
  const html = renderToStaticMarkup(
    <Heat
      caption="Område och kategori"
      corner="Område"
      columns={["Läkemedel", "Fall"]}
      rows={[
        { name: "Bromma", values: [null, 12] },
        { name: "Farsta", values: [0, 7] },
      ]}
    />,
  );

  test("gives every cell a number or the one mark for protected", () => {
    expect(html.match(/visas inte<\/span>/g)).toHaveLength(1);
    expect(html).toContain("– visas inte. Antalet är litet, eller skulle avslöja ett litet antal.");
  });

  test("holds no digit in a protected cell", () => {
    const cells = [...html.matchAll(/<td data-hidden="">(.*?)<\/td>/g)].map((hit) => hit[1] ?? "");
    expect(cells).toHaveLength(1);
    for (const cell of cells) expect(cell).not.toMatch(/\d/);
  });

  test("shows a zero that may be shown as zero", () => {
    expect(html).toContain('<td data-step="0">0</td>');
  });

  test("spreads its five steps over the values it has", () => {
    const step = stepper([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([0, 1, 3, 5, 8, 10].map(step)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

group("bars", () => {
  test("carry the running share as text", () => {
    const html = renderToStaticMarkup(
      <Bars
        label="Kategorier"
        bars={[
          { name: "Läkemedel", value: 75 },
          { name: "Fall", value: 25 },
        ]}
      />,
    );
    expect(html).toContain("(75 %)");
    expect(html).toContain("(100 %)");
  });

  test("give no share when one of them is protected, because the share would tell it", () => {
    const html = renderToStaticMarkup(
      <Bars
        label="Kategorier"
        bars={[
          { name: "Läkemedel", value: 75 },
          { name: "Fall", value: null },
        ]}
      />,
    );
    expect(html).not.toContain("%)");
    expect(html).toContain("visas inte");
  });
});

test("a figure has the same numbers as a table", () => {
  const html = renderToStaticMarkup(
    <Figure
      title="Mottagna per månad"
      summary={series.summary}
      twin={{ head: ["Månad", "Antal"], rows: series.points.map((point) => [point.x, point.y]) }}
    >
      <Spc series={series} />
    </Figure>,
  );
  expect(html).toContain("Visa siffrorna: mottagna per månad");
  expect(html).toContain('<td data-num="">46</td>');
  expect(html).toContain("1 månad utanför kontrollgränsen.");
});
