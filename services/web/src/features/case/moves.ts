// Each move of a case as data: what is asked for before it, and where it is sent.
import type { Template } from "../../api/client";
import type { Case } from "../../api/model";
import type { FieldErrors } from "../../ui";

export type Choice = { value: string; label: string; hint?: string | undefined };

export type Ask = {
  name: string;
  label: string;
  hint?: string;
  required?: string;
  /** Needed in some cases only, so that it is not called optional. */
  depends?: true;
  /** Asked only when another answer is this one. */
  when?: [name: string, value: string];
} & (
  | { kind: "text" | "area" | "date" | "unit" | "check" }
  | { kind: "person"; purpose: "delegate" | "owner" }
  | { kind: "radio" | "select" | "many"; list?: string; choices?: readonly Choice[] }
);

export type Values = Record<string, string | boolean | string[]>;

export type MoveSpec = {
  template: Template<"post">;
  title: string;
  intro?: string;
  submit: string;
  danger?: boolean;
  wide?: boolean;
  asks: readonly Ask[];
  /** Keep what is typed as a draft on the server. */
  draft?: boolean;
  start?: (item: Case) => Values;
  /** What one answer alone cannot tell. */
  check?: (values: Values, item: Case) => FieldErrors;
  body?: (values: Values) => unknown;
};

const yesNo: readonly Choice[] = [
  { value: "NEJ", label: "Nej" },
  { value: "JA", label: "Ja" },
];

const text = (value: Values[string] | undefined) => (typeof value === "string" ? value : "");
const asNumber = (value: Values[string] | undefined) => (text(value) ? Number(text(value)) : undefined);
/** What was not answered is left out. */
const given = (value: Values[string] | undefined) => text(value).trim() || undefined;

const assign: MoveSpec = {
  template: "/cases/{id}/assign",
  title: "Lämna till handläggare",
  intro:
    "Handläggaren blir den närmaste chefen för enheten. Gäller ärendet chefen går det till chefens chef.",
  submit: "Lämna över",
  asks: [
    { kind: "unit", name: "unit_id", label: "Enhet", required: "Välj enhet" },
    {
      kind: "person",
      purpose: "owner",
      name: "handler_id",
      label: "Annan handläggare",
      hint: "Bara om regeln blir fel.",
    },
    { kind: "text", name: "reason", label: "Varför en annan handläggare?" },
  ],
  start: (item) => ({ unit_id: item.unit?.id ?? "", handler_id: "", reason: "" }),
  body: (v) => ({ unit_id: v.unit_id, handler_id: given(v.handler_id), reason: given(v.reason) }),
};

// A colleague who reported is not asked whether she wants an answer: she reads in "Mina rapporter" what came of it.
const wantsNoAnswer = (item: Case) => item.wants_reply === "NEJ" && !item.reporter;

export const moves: Record<string, MoveSpec> = {
  assign,
  reassign: { ...assign, title: "Byt handläggare" },
  classify: {
    template: "/cases/{id}/classification",
    title: "Klassificera",
    submit: "Spara",
    wide: true,
    asks: [
      { kind: "select", name: "category", label: "Kategori", list: "category", depends: true },
      {
        kind: "select",
        name: "category_hsl",
        label: "Kategori enligt hälso- och sjukvårdslagen",
        list: "category_hsl",
        depends: true,
      },
      { kind: "many", name: "lagrum", label: "Lagrum", list: "lagrum" },
      { kind: "select", name: "harm", label: "Skada", list: "harm" },
      {
        kind: "radio",
        name: "severity",
        label: "Allvarlighetsgrad",
        list: "severity",
        depends: true,
      },
      {
        kind: "radio",
        name: "probability",
        label: "Sannolikhet att det händer igen",
        list: "probability",
        depends: true,
      },
      { kind: "select", name: "concerns", label: "Gäller", list: "concerns" },
      {
        kind: "check",
        name: "affects_individual",
        label: "Påverkar en enskild person",
        hint: "Då ska personen få återkoppling innan ärendet följs upp.",
      },
      { kind: "check", name: "unmet_need", label: "Visar ett behov som inte är tillgodosett" },
    ],
    start: (item) => ({
      category: item.category ?? "",
      category_hsl: item.category_hsl ?? "",
      lagrum: item.lagrum ?? [],
      harm: item.harm,
      severity: item.severity ? String(item.severity) : "",
      probability: item.probability ? String(item.probability) : "",
      concerns: item.concerns ?? "",
      affects_individual: item.affects_individual ?? false,
      unmet_need: item.unmet_need,
    }),
    check: (v, item) => {
      const errors: FieldErrors = {};
      if (!text(v.category) && !text(v.category_hsl)) errors.category = "Välj kategori";
      if (item.case_type !== "AVVIKELSE") return errors;
      if (!text(v.severity)) errors.severity = "Välj allvarlighetsgrad";
      if (!text(v.probability)) errors.probability = "Välj sannolikhet";
      return errors;
    },
    body: (v) => ({
      category: given(v.category),
      category_hsl: given(v.category_hsl),
      lagrum: v.lagrum,
      harm: given(v.harm),
      severity: asNumber(v.severity),
      probability: asNumber(v.probability),
      concerns: given(v.concerns),
      affects_individual: v.affects_individual,
      unmet_need: v.unmet_need,
    }),
  },
  consult: {
    template: "/cases/{id}/consult",
    title: "Fråga din chef",
    intro: "Din närmaste chef avgör om ärendet är komplicerat. Du får svaret här och i ett mejl.",
    submit: "Skicka frågan",
    asks: [
      {
        kind: "area",
        name: "question",
        label: "Din bedömning och fråga",
        hint: "Kort: vad har hänt, och varför tror du att det är enkelt eller komplicerat?",
        required: "Skriv din fråga",
      },
    ],
  },
  "decide-complexity": {
    template: "/cases/{id}/complexity",
    title: "Avgör om ärendet är komplicerat",
    submit: "Besluta",
    asks: [
      {
        kind: "radio",
        name: "decision",
        label: "Ärendet är",
        required: "Välj enkelt eller komplicerat",
        choices: [
          { value: "ENKEL", label: "Enkelt", hint: "Registreringen i samlingsakten räcker." },
          {
            value: "KOMPLICERAD",
            label: "Komplicerat",
            hint: "Ärendet utreds och får ett eget diarienummer.",
          },
        ],
      },
      { kind: "area", name: "motivation", label: "Motivering", required: "Skriv en motivering" },
    ],
  },
  delegate: {
    template: "/cases/{id}/delegate",
    title: "Lämna utredningen till en medarbetare",
    intro: "Du är fortfarande ansvarig. Utredaren får tillgång till ärendet, utreder och föreslår åtgärder.",
    submit: "Lämna utredningen",
    asks: [
      {
        kind: "person",
        purpose: "delegate",
        name: "person_id",
        label: "Utredare",
        hint: "Välj ingen för att ta tillbaka utredningen.",
      },
    ],
    start: (item) => ({ person_id: item.investigator?.id ?? "" }),
    body: (v) => ({ person_id: given(v.person_id) }),
  },
  "await-info": {
    template: "/cases/{id}/await-info",
    title: "Be om komplettering",
    intro: "Klockan står still tills du fortsätter.",
    submit: "Skicka frågan",
    asks: [
      {
        kind: "area",
        name: "question",
        label: "Vad behöver du veta?",
        required: "Skriv vad du behöver veta",
      },
    ],
  },
  reply: {
    template: "/cases/{id}/reply",
    title: "Svara",
    submit: "Skicka svaret",
    wide: true,
    draft: true,
    asks: [
      {
        kind: "radio",
        name: "response_level",
        label: "Slag av svar",
        required: "Välj slag av svar",
        choices: [
          { value: "BEKRAFTELSE", label: "Bekräftelse", hint: "Vi har tagit emot och tackar." },
          { value: "ENKELT_SVAR", label: "Enkelt svar", hint: "Ett kort svar utan utredning." },
          { value: "UTREDNING", label: "Svar efter utredning", hint: "Vad vi kom fram till och vad vi gör." },
        ],
      },
      {
        kind: "radio",
        name: "sends",
        label: "Går det att svara?",
        required: "Välj om det går att svara",
        choices: [
          { value: "JA", label: "Ja" },
          { value: "NEJ", label: "Nej, det finns ingen att svara" },
        ],
      },
      {
        kind: "area",
        name: "body",
        label: "Svar",
        hint: "Skriv till personen. Skriv du, vad ni har gjort och vad som händer nu.",
        when: ["sends", "JA"],
        required: "Skriv svaret",
      },
      {
        kind: "text",
        name: "no_reply_reason",
        label: "Varför inte?",
        when: ["sends", "NEJ"],
        required: "Skriv varför det inte går att svara",
      },
    ],
    start: (item) => ({
      response_level:
        item.response_level ?? (item.investigation && item.state !== "assessing" ? "UTREDNING" : ""),
      sends: wantsNoAnswer(item) ? "NEJ" : "JA",
      body: "",
      no_reply_reason: wantsNoAnswer(item) ? "Personen har inte bett om svar." : "",
    }),
    body: (v) => ({
      response_level: v.response_level,
      body: v.sends === "JA" ? given(v.body) : undefined,
      no_reply_reason: v.sends === "NEJ" ? given(v.no_reply_reason) : undefined,
    }),
  },
  "log-feedback": {
    template: "/cases/{id}/feedbacks",
    title: "Återkoppling till personen det gäller",
    submit: "Spara återkopplingen",
    asks: [
      { kind: "date", name: "given_on", label: "Datum", required: "Välj datum" },
      {
        kind: "select",
        name: "method",
        label: "På vilket sätt?",
        list: "feedback_method",
        required: "Välj sätt",
      },
      { kind: "area", name: "note", label: "Vad sa ni?" },
    ],
    body: (v) => ({ given_on: v.given_on, method: v.method, note: given(v.note) }),
  },
  close: {
    template: "/cases/{id}/close",
    title: "Avsluta ärendet",
    submit: "Avsluta",
    wide: true,
    asks: [
      { kind: "select", name: "outcome", label: "Var klagomålet befogat?", list: "outcome" },
      {
        kind: "many",
        name: "quality_dims",
        label: "Vilka delar av kvaliteten gällde det?",
        list: "quality_dim",
      },
      {
        kind: "radio",
        name: "personakt",
        label: "Finns uppgifter som ska dokumenteras i personakten?",
        hint: "Ärendet sparas aldrig i personakten.",
        choices: yesNo,
        required: "Svara om personakten",
      },
      { kind: "area", name: "closing_note", label: "Vad lärde vi oss?" },
    ],
    start: (item) => ({
      outcome: item.outcome ?? "",
      quality_dims: item.quality_dims ?? [],
      personakt: item.personakt ?? "",
      closing_note: "",
    }),
    check: (v, item): FieldErrors => {
      const missing = item.case_type === "KLAGOMAL" && !text(v.outcome);
      return missing ? { outcome: "Välj om klagomålet var befogat" } : {};
    },
    body: (v) => ({
      outcome: given(v.outcome),
      quality_dims: v.quality_dims,
      personakt: v.personakt,
      closing_note: given(v.closing_note),
    }),
  },
  reopen: {
    template: "/cases/{id}/reopen",
    title: "Öppna ärendet igen",
    submit: "Öppna igen",
    asks: [{ kind: "area", name: "reason", label: "Vad är nytt?", required: "Skriv vad som är nytt" }],
  },
  void: {
    template: "/cases/{id}/void",
    title: "Makulera ärendet",
    intro:
      "Använd bara för dubbletter och felregistreringar. Numret finns kvar i diariet och används inte igen.",
    submit: "Makulera",
    danger: true,
    asks: [{ kind: "area", name: "reason", label: "Varför?", required: "Skriv varför" }],
  },
  "follow-up": { template: "/cases/{id}/follow-up", title: "", submit: "", asks: [] },
  assess: { template: "/cases/{id}/assess", title: "", submit: "", asks: [] },
  investigate: { template: "/cases/{id}/investigate", title: "", submit: "", asks: [] },
  resume: { template: "/cases/{id}/resume", title: "", submit: "", asks: [] },
  "plan-measures": { template: "/cases/{id}/plan-measures", title: "", submit: "", asks: [] },
  "own-number": { template: "/cases/{id}/own-number", title: "", submit: "", asks: [] },
};

const isShown = (ask: Ask, values: Values) => !ask.when || values[ask.when[0]] === ask.when[1];

export const asked = (spec: MoveSpec, values: Values) => spec.asks.filter((ask) => isShown(ask, values));

export function startValues(spec: MoveSpec, item: Case): Values {
  const empty = spec.asks.map((ask) => [
    ask.name,
    ask.kind === "check" ? false : ask.kind === "many" ? [] : "",
  ]);
  return { ...Object.fromEntries(empty), ...spec.start?.(item) };
}

export function checkValues(spec: MoveSpec, values: Values, item: Case): FieldErrors {
  const errors: FieldErrors = { ...spec.check?.(values, item) };
  for (const ask of asked(spec, values)) {
    if (ask.required && !text(values[ask.name]).trim()) errors[ask.name] = ask.required;
  }
  return errors;
}

export const bodyOf = (spec: MoveSpec, values: Values): unknown => spec.body?.(values) ?? values;
