// Each move of a case as data: what is asked for before it, and where it is sent.
import { t } from "../../i18n";
import type { Template } from "../../api/client";
import type { Case } from "../../api/model";
import type { Purpose } from "../../api/reference";
import type { FieldErrors } from "../../ui";
import { acknowledge } from "./acknowledge";
import { board } from "./board";
import { given, handling, text } from "./handling";

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
  | { kind: "person"; purpose: Purpose }
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
  { value: "NEJ", label: t("case.nej") },
  { value: "JA", label: t("case.ja") },
];

const asNumber = (value: Values[string] | undefined) => (text(value) ? Number(text(value)) : undefined);

// A colleague who reported is not asked whether she wants an answer: she reads in "Mina rapporter" what came of it.
const wantsNoAnswer = (item: Case) => item.wants_reply === "NEJ" && !item.reporter;

export const moves: Record<string, MoveSpec> = {
  ...handling,
  ...board,
  classify: {
    template: "/cases/{id}/classification",
    title: t("case.klassificera"),
    submit: t("action.save"),
    wide: true,
    asks: [
      { kind: "select", name: "category", label: t("case.kategori"), list: "category", depends: true },
      {
        kind: "select",
        name: "category_hsl",
        label: t("case.kategori_enligt_halso_och_sjukvardslagen"),
        list: "category_hsl",
        depends: true,
      },
      { kind: "many", name: "lagrum", label: t("case.lagrum"), list: "lagrum" },
      { kind: "select", name: "harm", label: t("case.skada"), list: "harm" },
      {
        kind: "radio",
        name: "severity",
        label: t("case.allvarlighetsgrad"),
        list: "severity",
        depends: true,
      },
      {
        kind: "radio",
        name: "probability",
        label: t("case.sannolikhet_att_det_hander_igen"),
        list: "probability",
        depends: true,
      },
      { kind: "select", name: "concerns", label: t("case.galler"), list: "concerns" },
      {
        kind: "check",
        name: "affects_individual",
        label: t("case.paverkar_en_enskild_person"),
        hint: t("case.da_ska_personen_fa_aterkoppling"),
      },
      { kind: "check", name: "unmet_need", label: t("case.visar_ett_behov_som_inte") },
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
      if (!text(v.category) && !text(v.category_hsl)) errors.category = t("case.valj_kategori");
      if (item.case_type !== "AVVIKELSE") return errors;
      if (!text(v.severity)) errors.severity = t("case.valj_allvarlighetsgrad");
      if (!text(v.probability)) errors.probability = t("case.valj_sannolikhet");
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
    title: t("case.fraga_din_chef"),
    intro: t("case.din_narmaste_chef_avgor_om"),
    submit: t("case.skicka_fragan"),
    asks: [
      {
        kind: "area",
        name: "question",
        label: t("case.din_bedomning_och_fraga"),
        hint: t("case.kort_vad_har_hant_och"),
        required: t("case.skriv_din_fraga"),
      },
    ],
  },
  "decide-complexity": {
    template: "/cases/{id}/complexity",
    title: t("case.avgor_om_arendet_ar_komplicerat"),
    submit: t("case.besluta"),
    asks: [
      {
        kind: "radio",
        name: "decision",
        label: t("case.arendet_ar"),
        required: t("case.valj_enkelt_eller_komplicerat"),
        choices: [
          { value: "ENKEL", label: t("case.enkelt"), hint: t("case.registreringen_i_samlingsakten_racker") },
          {
            value: "KOMPLICERAD",
            label: t("case.komplicerat"),
            hint: t("case.arendet_utreds_och_far_ett"),
          },
        ],
      },
      {
        kind: "area",
        name: "motivation",
        label: t("case.motivering"),
        required: t("case.skriv_en_motivering"),
      },
    ],
  },
  delegate: {
    template: "/cases/{id}/delegate",
    title: t("case.lamna_utredningen_till_en_medarbetare"),
    intro: t("case.du_ar_fortfarande_ansvarig_utredaren"),
    submit: t("case.lamna_utredningen"),
    asks: [
      {
        kind: "person",
        purpose: "delegate",
        name: "person_id",
        label: t("case.utredare"),
        required: t("case.valj_utredare"),
      },
    ],
    start: (item) => ({ person_id: item.investigator?.id ?? "" }),
    body: (v) => ({ person_id: given(v.person_id) }),
  },
  "await-info": {
    template: "/cases/{id}/await-info",
    title: t("case.be_om_komplettering"),
    intro: t("case.klockan_star_still_tills_du"),
    submit: t("case.skicka_fragan"),
    asks: [
      {
        kind: "area",
        name: "question",
        label: t("case.vad_behover_du_veta"),
        required: t("case.skriv_vad_du_behover_veta"),
      },
    ],
  },
  reply: {
    template: "/cases/{id}/reply",
    title: t("case.svara"),
    submit: t("case.skicka_svaret"),
    wide: true,
    draft: true,
    asks: [
      {
        kind: "radio",
        name: "response_level",
        label: t("case.slag_av_svar"),
        required: t("case.valj_slag_av_svar"),
        choices: [
          { value: "BEKRAFTELSE", label: t("case.bekraftelse"), hint: t("case.vi_har_tagit_emot_och") },
          {
            value: "ENKELT_SVAR",
            label: t("case.enkelt_svar"),
            hint: t("case.ett_kort_svar_utan_utredning"),
          },
          { value: "UTREDNING", label: t("case.svar_efter_utredning"), hint: t("case.vad_vi_kom_fram_till") },
        ],
      },
      {
        kind: "radio",
        name: "sends",
        label: t("case.gar_det_att_svara"),
        required: t("case.valj_om_det_gar_att"),
        choices: [
          { value: "JA", label: t("case.ja") },
          { value: "NEJ", label: t("case.nej_det_finns_ingen_att") },
        ],
      },
      {
        kind: "area",
        name: "body",
        label: t("case.svar"),
        hint: t("case.skriv_till_personen_skriv_du"),
        when: ["sends", "JA"],
        required: t("case.skriv_svaret"),
      },
      {
        kind: "text",
        name: "no_reply_reason",
        label: t("case.varfor_inte"),
        when: ["sends", "NEJ"],
        required: t("case.skriv_varfor_det_inte_gar"),
      },
    ],
    start: (item) => ({
      response_level:
        item.response_level ?? (item.investigation && item.state !== "assessing" ? "UTREDNING" : ""),
      sends: wantsNoAnswer(item) ? "NEJ" : "JA",
      body: "",
      no_reply_reason: wantsNoAnswer(item) ? t("case.personen_har_inte_bett_om") : "",
    }),
    body: (v) => ({
      response_level: v.response_level,
      body: v.sends === "JA" ? given(v.body) : undefined,
      no_reply_reason: v.sends === "NEJ" ? given(v.no_reply_reason) : undefined,
    }),
  },
  "log-feedback": {
    template: "/cases/{id}/feedbacks",
    title: t("case.aterkoppling_till_personen_det_galler"),
    submit: t("case.spara_aterkopplingen"),
    asks: [
      { kind: "date", name: "given_on", label: t("case.datum"), required: t("case.valj_datum") },
      {
        kind: "select",
        name: "method",
        label: t("case.pa_vilket_satt"),
        list: "feedback_method",
        required: t("case.valj_satt"),
      },
      { kind: "area", name: "note", label: t("case.vad_sa_ni") },
    ],
    body: (v) => ({ given_on: v.given_on, method: v.method, note: given(v.note) }),
  },
  close: {
    template: "/cases/{id}/close",
    title: t("case.avsluta_arendet"),
    submit: t("case.avsluta"),
    wide: true,
    asks: [
      { kind: "select", name: "outcome", label: t("case.var_klagomalet_befogat"), list: "outcome" },
      {
        kind: "many",
        name: "quality_dims",
        label: t("case.vilka_delar_av_kvaliteten_gallde"),
        list: "quality_dim",
      },
      {
        kind: "radio",
        name: "personakt",
        label: t("case.finns_uppgifter_som_ska_dokumenteras"),
        hint: t("case.arendet_sparas_aldrig_i_personakten"),
        choices: yesNo,
        required: t("case.svara_om_personakten"),
      },
      { kind: "area", name: "closing_note", label: t("case.vad_larde_vi_oss") },
    ],
    start: (item) => ({
      outcome: item.outcome ?? "",
      quality_dims: item.quality_dims ?? [],
      personakt: item.personakt ?? "",
      closing_note: "",
    }),
    check: (v, item): FieldErrors => {
      const missing = item.case_type === "KLAGOMAL" && !text(v.outcome);
      return missing ? { outcome: t("case.valj_om_klagomalet_var_befogat") } : {};
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
    title: t("case.oppna_arendet_igen"),
    submit: t("case.oppna_igen"),
    asks: [
      {
        kind: "area",
        name: "reason",
        label: t("case.vad_ar_nytt"),
        required: t("case.skriv_vad_som_ar_nytt"),
      },
    ],
  },
  "hold-for-lex": {
    template: "/cases/{id}/hold-for-lex",
    title: t("case.lamna_till_lex_sarah_ansvarig"),
    intro: t("case.gor_det_nar_det_kan"),
    submit: t("case.lamna_till_lex_sarah"),
    danger: true,
    asks: [{ kind: "area", name: "reason", label: t("case.varfor"), required: t("case.skriv_varfor") }],
  },
  void: {
    template: "/cases/{id}/void",
    title: t("case.makulera_arendet"),
    intro: t("case.anvand_bara_for_dubbletter_och"),
    submit: t("case.makulera"),
    danger: true,
    asks: [{ kind: "area", name: "reason", label: t("case.varfor"), required: t("case.skriv_varfor") }],
  },
  acknowledge,
  "follow-up": { template: "/cases/{id}/follow-up", title: "", submit: "", asks: [] },
  assess: { template: "/cases/{id}/assess", title: "", submit: "", asks: [] },
  investigate: { template: "/cases/{id}/investigate", title: "", submit: "", asks: [] },
  resume: { template: "/cases/{id}/resume", title: "", submit: "", asks: [] },
  "plan-measures": { template: "/cases/{id}/plan-measures", title: "", submit: "", asks: [] },
  "unlock-investigation": {
    template: "/cases/{id}/investigation/unlock",
    title: t("case.las_upp_utredningen"),
    intro: t("case.texten_gar_att_andra_igen"),
    submit: t("case.las_upp"),
    asks: [{ kind: "area", name: "reason", label: t("case.varfor"), required: t("case.skriv_varfor") }],
  },
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
