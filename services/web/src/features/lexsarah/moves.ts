// Each move of a track as data: what is asked for before it, and where it is sent.
import type { Template } from "../../api/client";
import type { LexTrack } from "../../api/model";
import type { Ask, Values } from "../case/moves";
import { assessments, degrees, ivoKinds } from "./words";

export type LexSpec = {
  template: Template<"post">;
  title: string;
  intro?: string;
  submit: string;
  wide?: boolean;
  asks: (item: LexTrack) => readonly (Ask | InvestigatorAsk)[];
  start?: (item: LexTrack) => Values;
  body?: (values: Values, item: LexTrack) => unknown;
};

/** A choice among those who may investigate. */
export type InvestigatorAsk = {
  kind: "investigator";
  name: string;
  label: string;
  hint?: string;
  required?: string;
  when?: [string, string];
};

const text = (value: Values[string] | undefined) => (typeof value === "string" ? value : "");
const given = (value: Values[string] | undefined) => text(value).trim() || undefined;

const motivation: Ask = { kind: "area", name: "motivation", label: "Motivering", required: "Skriv en motivering" };
const degree: Ask = { kind: "radio", name: "degree", label: "Grad", choices: degrees, required: "Välj grad" };

export const moves: Record<string, LexSpec> = {
  "receive-lex": {
    template: "/lex/cases/{id}/receive",
    title: "Ta emot rapporten",
    intro: "Datum och vem som tog emot antecknas automatiskt.",
    submit: "Ta emot",
    wide: true,
    asks: (item) => [
      { kind: "area", name: "what", label: "Vad gäller rapporten?", required: "Skriv vad rapporten gäller" },
      { kind: "date", name: "happened_on", label: "När hände det?", hint: "Lämna tomt om det inte är känt." },
      ...(item.has_unit
        ? []
        : [{ kind: "unit", name: "unit_id", label: "Enhet", required: "Välj enhet" } as const]),
      ...(item.registered
        ? []
        : [
            {
              kind: "text",
              name: "subject",
              label: "Ärendemening i diariet",
              hint: "Neutral. Skriv inga namn.",
              required: "Skriv en neutral ärendemening",
            } as const,
          ]),
    ],
    start: (item) => ({ happened_on: item.case_happened_at?.slice(0, 10) ?? "", subject: "Rapport enligt lex Sarah" }),
    body: (v, item) => ({
      what: v.what,
      happened_on: given(v.happened_on),
      unit_id: item.has_unit ? undefined : given(v.unit_id),
      subject: item.registered ? undefined : given(v.subject),
    }),
  },
  "act-at-once": {
    template: "/lex/cases/{id}/immediate-measures",
    title: "Omedelbara åtgärder",
    intro: "Det som hotar någon ska avhjälpas eller undanröjas genast.",
    submit: "Spara",
    asks: () => [
      {
        kind: "area",
        name: "text",
        label: "Vad är gjort, av vem och när?",
        hint: "Behövs inget göras direkt: skriv varför.",
        required: "Skriv vad som är gjort, eller varför inget behövs",
      },
    ],
  },
  "assess-lex": {
    template: "/lex/cases/{id}/assessment",
    title: "Första bedömning",
    submit: "Spara bedömningen",
    wide: true,
    asks: () => [
      {
        kind: "radio",
        name: "assessment",
        label: "Vad ska hända?",
        choices: assessments,
        required: "Välj vad som ska hända",
      },
      motivation,
      {
        kind: "investigator",
        name: "person_id",
        label: "Utredare",
        hint: "Den som utreder får inte själv besluta. Lämna tomt om du utreder själv.",
      },
    ],
    body: (v) => ({
      assessment: v.assessment,
      motivation: v.motivation,
      person_id: v.assessment === "INTE_LEX" ? undefined : given(v.person_id),
    }),
  },
  "delegate-lex": {
    template: "/lex/cases/{id}/investigator",
    title: "Välj utredare",
    submit: "Lämna över",
    asks: () => [{ kind: "investigator", name: "person_id", label: "Utredare", required: "Välj utredare" }],
    start: (item) => ({ person_id: item.investigator_id ?? "" }),
  },
  "propose-degree": {
    template: "/lex/cases/{id}/proposal",
    title: "Lämna förslag till beslut",
    intro: "Utredningen låses medan den väntar på beslut.",
    submit: "Lämna till beslut",
    wide: true,
    asks: () => [degree, motivation],
    start: (item) => ({ degree: item.proposed_degree ?? "", motivation: item.proposal ?? "" }),
  },
  "send-back-lex": {
    template: "/lex/cases/{id}/send-back",
    title: "Utred mer",
    submit: "Skicka tillbaka",
    asks: () => [
      {
        kind: "area",
        name: "text",
        label: "Vad behöver utredas mer?",
        required: "Skriv vad som behöver utredas mer",
      },
    ],
  },
  "decide-degree": {
    template: "/lex/cases/{id}/decision",
    title: "Besluta",
    submit: "Besluta",
    wide: true,
    asks: () => [
      degree,
      motivation,
      {
        kind: "text",
        name: "delegation",
        label: "Med stöd av delegation",
        hint: "Till exempel punkt 4.2 i delegationsordningen.",
        required: "Skriv vilken delegation beslutet stöder sig på",
      },
    ],
    start: (item) => ({ degree: item.proposed_degree ?? "", motivation: item.proposal ?? "", delegation: "" }),
  },
  "log-ivo": {
    template: "/lex/cases/{id}/ivo",
    title: "Kontakt med IVO",
    intro: "Anmälan görs i IVO:s e-tjänst. Det som antecknas här kan inte ändras.",
    submit: "Anteckna",
    wide: true,
    asks: (item) => [
      {
        kind: "radio",
        name: "kind",
        label: "Vad har hänt?",
        choices: ivoKinds.filter((one) => (one.value === "ANMALD") === !item.ivo_on),
        required: "Välj vad som har hänt",
      },
      { kind: "date", name: "happened_on", label: "Datum", required: "Välj datum" },
      { kind: "text", name: "ivo_dnr", label: "IVO:s diarienummer" },
      {
        kind: "text",
        name: "delegation",
        label: "Med stöd av delegation",
        when: ["kind", "ANMALD"],
        required: "Skriv vilken delegation anmälan stöder sig på",
      },
      { kind: "area", name: "note", label: "Anteckning" },
    ],
    start: (item) => ({ kind: item.ivo_on ? "" : "ANMALD" }),
    body: (v) => ({
      kind: v.kind,
      happened_on: v.happened_on,
      ivo_dnr: given(v.ivo_dnr),
      delegation: v.kind === "ANMALD" ? given(v.delegation) : undefined,
      note: given(v.note),
    }),
  },
  "return-lex": {
    template: "/lex/cases/{id}/return",
    title: "Lämna tillbaka till verksamheten",
    intro: "Chefen får ärendet tillbaka, äger åtgärderna och följer upp dem.",
    submit: "Lämna tillbaka",
    wide: true,
    asks: () => [
      {
        kind: "radio",
        name: "to",
        label: "Vart ska ärendet?",
        choices: [
          { value: "UNIT", label: "Till verksamheten för uppföljning" },
          { value: "BOARD", label: "Till nämnden först" },
        ],
        required: "Välj vart ärendet ska",
      },
      {
        kind: "area",
        name: "to_unit",
        label: "Till chefen: vad kom fram, och vad ska följas upp?",
        hint: "Det är detta chefen får läsa. Utredningen stannar hos lex Sarah.",
        required: "Skriv vad verksamheten ska följa upp",
      },
      { kind: "area", name: "answer", label: "Till den som rapporterade" },
    ],
    start: () => ({ to: "UNIT" }),
    body: (v) => ({ to: v.to, to_unit: v.to_unit, answer: given(v.answer) }),
  },
  "close-lex": { template: "/lex/cases/{id}/close", title: "Avsluta", submit: "Avsluta", asks: () => [] },
};
