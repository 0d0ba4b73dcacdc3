import { expect, test } from "vitest";
import { wordsOf } from "../scripts/texts.mjs";

const found = (code: string) => wordsOf("x.tsx", code).map((word) => word.text);

test("words in a component are found wherever they stand", () => {
  expect(found("const a = <p>Välj enhet</p>;")).toEqual(["Välj enhet"]);
  expect(found('const a = <Field label="Klockslag" />;')).toEqual(["Klockslag"]);
  expect(found('const a = { label: "Klar senast", value: "KLAR" };')).toEqual(["Klar senast"]);
  expect(found("const a = `Ta bort orsaken ${cause.text}`;")).toEqual(["Ta bort orsaken {text}"]);
  expect(found("const a = <p>Nummer: <b>{n}</b> av dem</p>;")).toEqual(["Nummer:", "av dem"]);
});

test("codes, class names, addresses and keys are not words", () => {
  expect(found('const a = <p className="ly-row ly-between" id="due_on">{t("case.orsak")}</p>;')).toEqual([]);
  expect(found('if (status === "Klar") go("/cases/{id}/assess", `/arenden/${id}`);')).toEqual([]);
  expect(found('throw new ApiError("Det gick inte");')).toEqual([]);
});
