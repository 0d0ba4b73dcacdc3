// What an authority asks for (remiss), and what the board decides.
import { t } from "../../i18n";
import type { FieldErrors } from "../../ui";
import { given, text } from "./handling";
import type { Choice, MoveSpec } from "./moves";

export const authorities: readonly Choice[] = [
  { value: "IVO", label: t("case.inspektionen_for_vard_och_omsorg") },
  { value: "JO", label: t("case.justitieombudsmannen_jo") },
  { value: "JK", label: t("case.justitiekanslern_jk") },
  { value: "DO", label: t("case.diskrimineringsombudsmannen_do") },
  { value: "DOMSTOL", label: t("case.domstol") },
  { value: "PATIENTNAMND", label: t("case.patientnamnden") },
  { value: "SOCIALSTYRELSEN", label: t("case.socialstyrelsen") },
  { value: "ANNAN", label: t("case.annan_myndighet") },
];

export const referralKinds: readonly Choice[] = [
  { value: "YTTRANDE", label: t("case.yttrande") },
  { value: "UPPLYSNING", label: t("case.upplysning") },
];

export const ways: readonly Choice[] = [
  { value: "E_TJANST", label: t("case.myndighetens_e_tjanst") },
  { value: "SAKER_MEDDELANDE", label: t("case.sakert_meddelande") },
  { value: "BREV", label: t("case.brev") },
  { value: "EPOST", label: "E-post" },
];

export const board: Record<string, MoveSpec> = {
  "register-referral": {
    template: "/cases/{id}/register-referral",
    title: t("case.registrera_remiss"),
    intro: t("case.remissen_far_nummer_i_samlingsakten"),
    submit: t("case.registrera_remiss"),
    wide: true,
    asks: [
      {
        kind: "radio",
        name: "kind",
        label: t("case.myndigheten_vill_ha"),
        choices: referralKinds,
        required: t("case.valj_yttrande_eller_upplysning"),
      },
      {
        kind: "select",
        name: "authority",
        label: t("case.myndighet"),
        choices: authorities,
        required: t("case.valj_myndighet"),
      },
      {
        kind: "text",
        name: "authority_name",
        label: t("case.vilken_myndighet"),
        when: ["authority", "ANNAN"],
        required: t("case.skriv_vilken_myndighet"),
      },
      { kind: "text", name: "authority_dnr", label: t("case.myndighetens_diarienummer") },
      {
        kind: "date",
        name: "due_on",
        label: t("case.svar_senast"),
        required: t("case.valj_dagen_myndigheten_har_bett"),
      },
      {
        kind: "person",
        purpose: "referral",
        name: "handler_id",
        label: t("case.handlaggare"),
        required: t("case.valj_handlaggare"),
      },
      {
        kind: "text",
        name: "subject",
        label: t("case.amne"),
        hint: t("case.neutralt_och_kort_inga_namn"),
        required: t("case.skriv_ett_neutralt_amne"),
      },
      {
        kind: "select",
        name: "secrecy",
        label: t("case.sekretess"),
        list: "secrecy",
        required: t("case.valj_sekretess"),
      },
    ],
    start: () => ({ kind: "YTTRANDE", secrecy: "SEKRETESS", subject: t("case.remiss") }),
    body: (v) => ({
      kind: v.kind,
      authority: v.authority,
      authority_name: v.authority === "ANNAN" ? given(v.authority_name) : undefined,
      authority_dnr: given(v.authority_dnr),
      due_on: v.due_on,
      handler_id: v.handler_id,
      subject: text(v.subject).trim(),
      secrecy: v.secrecy,
    }),
  },
  "to-board": {
    template: "/cases/{id}/to-board",
    title: t("case.skicka_till_namnden"),
    intro: t("case.namndens_kansli_tar_over_kansliet"),
    submit: t("case.skicka_till_namnden"),
    wide: true,
    draft: true,
    asks: [
      {
        kind: "date",
        name: "meeting_on",
        label: t("case.sammantrade"),
        required: t("case.valj_dag_for_sammantradet"),
      },
      {
        kind: "person",
        purpose: "board",
        name: "secretary_id",
        label: t("case.namndens_kansli"),
        required: t("case.valj_vem_pa_kansliet"),
      },
      {
        kind: "area",
        name: "proposal",
        label: t("case.forslag_till_beslut"),
        required: t("case.skriv_forslaget_till_beslut"),
      },
    ],
  },
  "record-board-decision": {
    template: "/cases/{id}/board-decision",
    title: t("case.anteckna_namndens_beslut"),
    submit: t("case.spara_beslutet"),
    wide: true,
    draft: true,
    asks: [
      {
        kind: "radio",
        name: "outcome",
        label: t("case.namnden_har"),
        required: t("case.valj_vad_namnden_gjorde"),
        choices: [
          { value: "BESLUT", label: t("case.beslutat") },
          {
            value: "ATERREMISS",
            label: t("case.aterremitterat"),
            hint: t("case.arendet_utreds_vidare_av_handlaggaren"),
          },
        ],
      },
      { kind: "date", name: "decided_on", label: t("case.datum"), required: t("case.valj_datum") },
      {
        kind: "text",
        name: "paragraph",
        label: t("case.paragraf"),
        hint: t("case.bara_numret_till_exempel_12"),
        required: t("case.skriv_paragrafens_nummer"),
      },
      { kind: "area", name: "decision", label: t("case.beslutet"), required: t("case.skriv_beslutet") },
    ],
    check: (v): FieldErrors =>
      text(v.paragraph) && !/^[0-9]{1,4}[a-z]?$/.test(text(v.paragraph).trim())
        ? { paragraph: t("case.skriv_bara_numret_till_exempel") }
        : {},
    body: (v) => ({ ...v, paragraph: text(v.paragraph).trim() }),
  },
  dispatch: {
    template: "/cases/{id}/dispatch",
    title: t("case.expediera_beslutet"),
    submit: t("case.spara_expedieringen"),
    wide: true,
    draft: true,
    asks: [
      { kind: "date", name: "sent_on", label: t("case.skickat_den"), required: t("case.valj_datum") },
      {
        kind: "radio",
        name: "to",
        label: t("case.till"),
        required: t("case.valj_mottagare"),
        choices: [
          { value: "MYNDIGHET", label: t("case.myndigheten") },
          { value: "ANMALARE", label: t("case.den_som_horde_av_sig") },
          { value: "BADA", label: t("case.bada") },
        ],
      },
      {
        kind: "select",
        name: "way",
        label: t("case.pa_vilket_satt"),
        choices: ways,
        required: t("case.valj_satt"),
      },
      {
        kind: "area",
        name: "body",
        label: t("case.svar_till_den_som_horde"),
        hint: t("case.det_som_personen_laser_har"),
      },
    ],
    check: (v): FieldErrors =>
      v.to === "MYNDIGHET" && text(v.body).trim() ? { body: t("case.valj_ocksa_den_som_horde") } : {},
    body: (v) => ({ sent_on: v.sent_on, to: v.to, way: v.way, body: given(v.body) }),
  },
};
