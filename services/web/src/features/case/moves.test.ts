import { expect, test } from "vitest";
import type { Case } from "../../api/model";
import { bodyOf, checkValues, moves, type MoveSpec, startValues, type Values } from "./moves";

const spec = (act: string): MoveSpec => {
  const found = moves[act];
  if (!found) throw new Error(`no move ${act}`);
  return found;
};
const item = (more: Partial<Case> = {}) =>
  ({
    case_type: "AVVIKELSE",
    harm: "NEJ",
    lagrum: [],
    wants_reply: "KOD",
    unmet_need: false,
    ...more,
  }) as Case;
const filled = (act: string, of: Case, answers: Values): Values => ({
  ...startValues(spec(act), of),
  ...answers,
});

test("a deviation is not classified without its grades, a complaint may be", () => {
  const answers = { category: "UTF.UTEBLIVEN" };
  expect(checkValues(spec("classify"), filled("classify", item(), answers), item())).toEqual({
    severity: "Välj allvarlighetsgrad",
    probability: "Välj sannolikhet",
  });
  const complaint = item({ case_type: "KLAGOMAL" });
  expect(checkValues(spec("classify"), filled("classify", complaint, answers), complaint)).toEqual({});
});

test("what was not answered is left out of what is sent", () => {
  const body = bodyOf(
    spec("classify"),
    filled("classify", item(), { category_hsl: "LKM", severity: "2", probability: "3" }),
  );
  expect(body).toMatchObject({ category_hsl: "LKM", severity: 2, probability: 3, harm: "NEJ", lagrum: [] });
  expect(JSON.parse(JSON.stringify(body))).not.toHaveProperty("category");
});

test("an answer needs words, and no answer needs a reason", () => {
  const yes = filled("reply", item(), { response_level: "ENKELT_SVAR", sends: "JA" });
  expect(checkValues(spec("reply"), yes, item())).toEqual({ body: "Skriv svaret" });
  const silent = item({ wants_reply: "NEJ" });
  const no = filled("reply", silent, { response_level: "BEKRAFTELSE", body: "glömd text" });
  expect(checkValues(spec("reply"), no, silent)).toEqual({});
  expect(bodyOf(spec("reply"), no)).toEqual({
    response_level: "BEKRAFTELSE",
    body: undefined,
    no_reply_reason: "Personen har inte bett om svar.",
  });
});

test("only a complaint is closed with whether it was founded", () => {
  const answers = { personakt: "NEJ" };
  expect(checkValues(spec("close"), filled("close", item(), answers), item())).toEqual({});
  const complaint = item({ case_type: "KLAGOMAL" });
  expect(checkValues(spec("close"), filled("close", complaint, answers), complaint)).toEqual({
    outcome: "Välj om klagomålet var befogat",
  });
});

test("taking an investigation back names nobody", () => {
  const body = bodyOf(spec("delegate"), filled("delegate", item(), { person_id: "" }));
  expect(JSON.stringify(body)).toBe("{}");
});
