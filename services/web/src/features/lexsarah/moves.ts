// Each move of a track as data: what is asked for before it, and where it is sent.
import { t } from "../../i18n";
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

const motivation: Ask = {
  kind: "area",
  name: "motivation",
  label: t("lexsarah.motivering"),
  required: t("lexsarah.skriv_en_motivering"),
};
const degree: Ask = {
  kind: "radio",
  name: "degree",
  label: t("lexsarah.grad"),
  choices: degrees,
  required: t("lexsarah.valj_grad"),
};

export const moves: Record<string, LexSpec> = {
  "receive-lex": {
    template: "/lex/cases/{id}/receive",
    title: t("lexsarah.ta_emot_rapporten"),
    intro: t("lexsarah.datum_och_vem_som_tog"),
    submit: t("lexsarah.ta_emot"),
    wide: true,
    asks: (item) => [
      {
        kind: "area",
        name: "what",
        label: t("lexsarah.vad_galler_rapporten"),
        required: t("lexsarah.skriv_vad_rapporten_galler"),
      },
      {
        kind: "date",
        name: "happened_on",
        label: t("lexsarah.nar_hande_det"),
        hint: t("lexsarah.lamna_tomt_om_det_inte"),
      },
      ...(item.has_unit
        ? []
        : [
            {
              kind: "unit",
              name: "unit_id",
              label: t("lexsarah.enhet"),
              required: t("lexsarah.valj_enhet"),
            } as const,
          ]),
      ...(item.registered
        ? []
        : [
            {
              kind: "text",
              name: "subject",
              label: t("lexsarah.arendemening_i_diariet"),
              hint: t("lexsarah.neutral_skriv_inga_namn"),
              required: t("lexsarah.skriv_en_neutral_arendemening"),
            } as const,
          ]),
    ],
    start: (item) => ({
      happened_on: item.case_happened_at?.slice(0, 10) ?? "",
      subject: t("lexsarah.rapport_enligt_lex_sarah"),
    }),
    body: (v, item) => ({
      what: v.what,
      happened_on: given(v.happened_on),
      unit_id: item.has_unit ? undefined : given(v.unit_id),
      subject: item.registered ? undefined : given(v.subject),
    }),
  },
  "act-at-once": {
    template: "/lex/cases/{id}/immediate-measures",
    title: t("lexsarah.omedelbara_atgarder"),
    intro: t("lexsarah.det_som_hotar_nagon_ska"),
    submit: t("action.save"),
    asks: () => [
      {
        kind: "area",
        name: "text",
        label: t("lexsarah.vad_ar_gjort_av_vem"),
        hint: t("lexsarah.behovs_inget_goras_direkt_skriv"),
        required: t("lexsarah.skriv_vad_som_ar_gjort"),
      },
    ],
  },
  "assess-lex": {
    template: "/lex/cases/{id}/assessment",
    title: t("lexsarah.forsta_bedomning"),
    submit: t("lexsarah.spara_bedomningen"),
    wide: true,
    asks: () => [
      {
        kind: "radio",
        name: "assessment",
        label: t("lexsarah.vad_ska_handa"),
        choices: assessments,
        required: t("lexsarah.valj_vad_som_ska_handa"),
      },
      motivation,
      {
        kind: "investigator",
        name: "person_id",
        label: t("lexsarah.utredare"),
        hint: t("lexsarah.den_som_utreder_far_inte"),
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
    title: t("lexsarah.valj_utredare"),
    submit: t("lexsarah.lamna_over"),
    asks: () => [
      {
        kind: "investigator",
        name: "person_id",
        label: t("lexsarah.utredare"),
        required: t("lexsarah.valj_utredare"),
      },
    ],
    start: (item) => ({ person_id: item.investigator_id ?? "" }),
  },
  "propose-degree": {
    template: "/lex/cases/{id}/proposal",
    title: t("lexsarah.lamna_forslag_till_beslut"),
    intro: t("lexsarah.utredningen_lases_medan_den_vantar"),
    submit: t("lexsarah.lamna_till_beslut"),
    wide: true,
    asks: () => [degree, motivation],
    start: (item) => ({ degree: item.proposed_degree ?? "", motivation: item.proposal ?? "" }),
  },
  "send-back-lex": {
    template: "/lex/cases/{id}/send-back",
    title: t("lexsarah.utred_mer"),
    submit: t("lexsarah.skicka_tillbaka"),
    asks: () => [
      {
        kind: "area",
        name: "text",
        label: t("lexsarah.vad_behover_utredas_mer"),
        required: t("lexsarah.skriv_vad_som_behover_utredas"),
      },
    ],
  },
  "decide-degree": {
    template: "/lex/cases/{id}/decision",
    title: t("lexsarah.besluta"),
    submit: t("lexsarah.besluta"),
    wide: true,
    asks: () => [
      degree,
      motivation,
      {
        kind: "text",
        name: "delegation",
        label: t("lexsarah.med_stod_av_delegation"),
        hint: t("lexsarah.till_exempel_punkt_4_2"),
        required: t("lexsarah.skriv_vilken_delegation_beslutet_stoder"),
      },
    ],
    start: (item) => ({
      degree: item.proposed_degree ?? "",
      motivation: item.proposal ?? "",
      delegation: "",
    }),
  },
  "log-ivo": {
    template: "/lex/cases/{id}/ivo",
    title: t("lexsarah.kontakt_med_ivo"),
    intro: t("lexsarah.anmalan_gors_i_ivo_s"),
    submit: t("lexsarah.anteckna"),
    wide: true,
    asks: (item) => [
      {
        kind: "radio",
        name: "kind",
        label: t("lexsarah.vad_har_hant"),
        choices: ivoKinds.filter((one) => (one.value === "ANMALD") === !item.ivo_on),
        required: t("lexsarah.valj_vad_som_har_hant"),
      },
      { kind: "date", name: "happened_on", label: t("lexsarah.datum"), required: t("lexsarah.valj_datum") },
      { kind: "text", name: "ivo_dnr", label: "IVO:s diarienummer" },
      {
        kind: "text",
        name: "delegation",
        label: t("lexsarah.med_stod_av_delegation"),
        when: ["kind", "ANMALD"],
        required: t("lexsarah.skriv_vilken_delegation_anmalan_stoder"),
      },
      { kind: "area", name: "note", label: t("lexsarah.anteckning") },
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
    title: t("lexsarah.lamna_tillbaka_till_verksamheten"),
    intro: t("lexsarah.chefen_far_arendet_tillbaka_ager"),
    submit: t("lexsarah.lamna_tillbaka"),
    wide: true,
    asks: () => [
      {
        kind: "radio",
        name: "to",
        label: t("lexsarah.vart_ska_arendet"),
        choices: [
          { value: "UNIT", label: t("lexsarah.till_verksamheten_for_uppfoljning") },
          { value: "BOARD", label: t("lexsarah.till_namnden_forst") },
        ],
        required: t("lexsarah.valj_vart_arendet_ska"),
      },
      {
        kind: "area",
        name: "to_unit",
        label: t("lexsarah.till_chefen_vad_kom_fram"),
        hint: t("lexsarah.det_ar_detta_chefen_far"),
        required: t("lexsarah.skriv_vad_verksamheten_ska_folja"),
      },
      { kind: "area", name: "answer", label: t("lexsarah.till_den_som_rapporterade") },
    ],
    start: () => ({ to: "UNIT" }),
    body: (v) => ({ to: v.to, to_unit: v.to_unit, answer: given(v.answer) }),
  },
  "close-lex": {
    template: "/lex/cases/{id}/close",
    title: t("lexsarah.avsluta"),
    submit: t("lexsarah.avsluta"),
    asks: () => [],
  },
};
