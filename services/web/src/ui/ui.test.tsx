import { renderToStaticMarkup } from "react-dom/server";
import { MemoryRouter } from "react-router";
import { describe, expect, test } from "vitest";
import {
  Button,
  Chips,
  Due,
  ErrorSummary,
  Failed,
  Field,
  NextStep,
  SelectField,
  Steps,
  Table,
  Tabs,
  Tag,
} from ".";
import { matches } from "./keyboard";

describe("a field", () => {
  const html = renderToStaticMarkup(
    <Field id="email" label="E-post" hint="Vi svarar dit." error="Skriv e-post" />,
  );

  test("ties its label, hint and error to the input", () => {
    expect(html).toContain('<label class="ds-label" for="email">');
    expect(html).toContain('aria-describedby="email-hint email-error"');
    expect(html).toContain('aria-invalid="true"');
    expect(html).toContain('id="email-error"');
  });

  test("says that an error is an error, not only in red", () => {
    expect(html).toContain("Fel: </span>Skriv e-post");
  });

  test("says in its label that it is optional", () => {
    expect(renderToStaticMarkup(<Field label="Telefon" optional />)).toContain("(frivilligt)");
  });
});

test("options with a group stand under its heading", () => {
  const html = renderToStaticMarkup(
    <SelectField
      label="Enhet"
      blank="Välj enhet"
      options={[
        { value: "1", label: "Hemtjänst Berga", group: "Hemtjänst" },
        { value: "2", label: "Ålsta vårdboende", group: "Boende" },
      ]}
    />,
  );
  expect(html).toContain('<optgroup label="Hemtjänst"><option value="1">');
  expect(html).toContain('<option value="">Välj enhet</option>');
});

test("big choices are native radio buttons in a named group", () => {
  const html = renderToStaticMarkup(
    <Chips
      name="harm"
      label="Kom någon till skada?"
      value="NO"
      onChange={() => undefined}
      options={[
        { value: "NO", label: "Nej" },
        { value: "SERIOUS", label: "Ja, allvarligt", danger: true },
      ]}
    />,
  );
  expect(html).toContain("<legend>Kom någon till skada?</legend>");
  expect(html.match(/ name="harm"/g)).toHaveLength(2);
  expect(html).toContain('checked=""');
});

describe("a button", () => {
  test("that is refused can be reached and says why", () => {
    const html = renderToStaticMarkup(<Button refused="Åtgärden saknar uppföljning.">Avsluta</Button>);
    expect(html).toContain('aria-disabled="true"');
    expect(html).toContain('title="Åtgärden saknar uppföljning."');
    expect(html).not.toContain(" disabled");
  });

  test("shows its keys and announces them", () => {
    const html = renderToStaticMarkup(<Button keys="Control+Enter">Registrera</Button>);
    expect(html).toContain('aria-keyshortcuts="Control+Enter"');
    expect(html).toContain(">Ctrl</kbd>");
  });
});

test("the next step says what is not possible yet, and why", () => {
  const html = renderToStaticMarkup(
    <NextStep title="Bedöm ärendet" refused={[{ name: "Avsluta", why: "Utredningen är inte klar." }]}>
      <Button>Bedöm</Button>
    </NextStep>,
  );
  expect(html).toContain("<b>Avsluta</b> går inte ännu. Utredningen är inte klar.");
});

test("a deadline is told in words as well as in colour", () => {
  const html = renderToStaticMarkup(<Due date="2026-11-19" now={new Date("2026-11-22T10:00:00Z")} />);
  expect(html).toContain("försenad 3 dagar");
  expect(html).toContain('dateTime="2026-11-19"');
});

test("the error summary leads to the fields", () => {
  const html = renderToStaticMarkup(<ErrorSummary errors={{ text: "Skriv vad som hände" }} />);
  expect(html).toContain('href="#text"');
  expect(html).toContain('role="alert"');
  expect(renderToStaticMarkup(<ErrorSummary errors={{}} />)).toBe("");
});

test("a table has a caption, headings and one tab stop less than its rows", () => {
  const html = renderToStaticMarkup(
    <Table
      caption="Ärenden"
      rows={[{ id: "1", no: "SN 2026/1240" }]}
      rowKey={(row) => row.id}
      columns={[{ id: "no", title: "Diarienr", head: true, cell: (row) => row.no }]}
    />,
  );
  expect(html).toContain('<caption class="ly-sr">Ärenden</caption>');
  expect(html).toContain('<th scope="row">SN 2026/1240</th>');
});

test("the open tab is announced", () => {
  const html = renderToStaticMarkup(
    <MemoryRouter initialEntries={["/arenden/1/utredning"]}>
      <Tabs
        label="Ärendet"
        items={[
          { to: "/arenden/1", label: "Översikt", end: true },
          { to: "/arenden/1/utredning", label: "Utredning", count: 2 },
        ]}
      />
    </MemoryRouter>,
  );
  expect(html.match(/aria-current="page"/g)).toHaveLength(1);
});

test("steps, tags and failures have words", () => {
  expect(
    renderToStaticMarkup(<Steps label="Väg" steps={[{ name: "Utredning", current: true }]} />),
  ).toContain('aria-current="step"');
  expect(renderToStaticMarkup(<Tag tone="danger">Sekretess</Tag>)).toContain("Sekretess");
  expect(renderToStaticMarkup(<Failed what="Listan" retry={() => undefined} />)).toContain(
    "Listan gick inte att hämta.",
  );
});

test("shortcuts ask for exactly their modifiers", () => {
  const event = {
    key: "Enter",
    code: "Enter",
    ctrlKey: true,
    altKey: false,
    shiftKey: false,
    metaKey: false,
  };
  expect(matches(event as KeyboardEvent, "Control+Enter")).toBe(true);
  expect(matches({ ...event, shiftKey: true } as KeyboardEvent, "Control+Enter")).toBe(false);
  const alt = { key: "å", code: "KeyA", ctrlKey: false, altKey: true, shiftKey: false, metaKey: false };
  expect(matches(alt as KeyboardEvent, "Alt+A")).toBe(true);
});
