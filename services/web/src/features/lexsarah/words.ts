// Lex Sarah in words: the steps of the track, its codes, what each step means.
import { t } from "../../i18n";
import type { Step, Tone } from "../../ui";
import type { Choice } from "../case/moves";

export const degrees: readonly Choice[] = [
  { value: "INGET", label: t("lexsarah.inget_missforhallande") },
  { value: "PATAGLIG_RISK", label: t("lexsarah.pataglig_risk_for_missforhallande") },
  { value: "MISSFORHALLANDE", label: t("lexsarah.missforhallande") },
  {
    value: "PATAGLIG_RISK_ALLVARLIGT",
    label: t("lexsarah.pataglig_risk_for_allvarligt_missforhallande"),
    hint: t("lexsarah.anmals_snarast_till_ivo"),
  },
  {
    value: "ALLVARLIGT",
    label: t("lexsarah.allvarligt_missforhallande"),
    hint: t("lexsarah.anmals_snarast_till_ivo"),
  },
];

export const kinds: readonly Choice[] = [
  { value: "FYSISKA_OVERGREPP", label: t("lexsarah.fysiska_overgrepp") },
  { value: "SEXUELLA_OVERGREPP", label: t("lexsarah.sexuella_overgrepp_ocksa_digitala") },
  { value: "PSYKISKA_OVERGREPP", label: t("lexsarah.psykiska_overgrepp") },
  { value: "EKONOMISKA_OVERGREPP", label: t("lexsarah.ekonomiska_overgrepp") },
  { value: "BEMOTANDE", label: t("lexsarah.brister_i_bemotande") },
  { value: "RATTSSAKERHET", label: t("lexsarah.brister_i_rattssakerhet_vid_handlaggning") },
  { value: "UTFORANDE", label: t("lexsarah.brister_i_utforande_av_insatser") },
  { value: "MILJO_TEKNIK", label: t("lexsarah.brister_i_fysisk_miljo_utrustning") },
];

export const assessments: readonly Choice[] = [
  { value: "UTRED", label: t("lexsarah.utred"), hint: t("lexsarah.det_kan_vara_ett_missforhallande") },
  {
    value: "IVO_DIREKT",
    label: t("lexsarah.anmal_till_ivo_nu_och"),
    hint: t("lexsarah.det_ar_uppenbart_allvarligt_utredningen"),
  },
  {
    value: "INTE_LEX",
    label: t("lexsarah.inte_lex_sarah"),
    hint: t("lexsarah.arendet_gar_tillbaka_till_chefen"),
  },
];

export const told: readonly Choice[] = [
  { value: "JA", label: t("lexsarah.ja") },
  { value: "NEJ", label: t("lexsarah.nej") },
  { value: "EJ_MOJLIGT", label: t("lexsarah.inte_mojligt") },
];
export const concerned: readonly Choice[] = [
  { value: "JA", label: t("lexsarah.ja") },
  { value: "NEJ", label: t("lexsarah.nej") },
  { value: "EJ_AKTUELLT", label: t("lexsarah.inte_aktuellt") },
];
export const yesNo: readonly Choice[] = [
  { value: "JA", label: t("lexsarah.ja") },
  { value: "NEJ", label: t("lexsarah.nej") },
];

export const ivoKinds: readonly Choice[] = [
  { value: "ANMALD", label: t("lexsarah.anmald_till_ivo") },
  { value: "KOMPLETTERAD", label: t("lexsarah.kompletterad") },
  { value: "AVSLUTAD", label: t("lexsarah.ivo_har_avslutat") },
];

export const entryKinds: readonly Choice[] = [
  { value: "FAKTA", label: t("lexsarah.fakta") },
  { value: "BEDOMNING", label: t("lexsarah.bedomning") },
];

export const labelOf = (list: readonly Choice[], value: string | null | undefined) =>
  value ? (list.find((one) => one.value === value)?.label ?? value) : "";

const tones: Record<string, Tone> = {
  reported: "danger",
  immediate_measures: "danger",
  initial_assessment: "warn",
  investigating: "calm",
  proposal: "warn",
  decided: "warn",
  ivo_notified: "info",
  ivo_supplemented: "info",
  ivo_closed: "info",
  returned_to_unit: "calm",
  closed: "ok",
  declined: "neutral",
};
export const stepTone = (step: string): Tone => tones[step] ?? "neutral";

const way: { name: string; steps: string[] }[] = [
  { name: t("lexsarah.rapport_2"), steps: ["reported"] },
  { name: t("lexsarah.direkta_atgarder"), steps: ["immediate_measures"] },
  { name: t("lexsarah.forsta_bedomning"), steps: ["initial_assessment"] },
  { name: t("lexsarah.utredning"), steps: ["investigating"] },
  { name: t("lexsarah.beslut"), steps: ["proposal", "decided"] },
  { name: "IVO", steps: ["ivo_notified", "ivo_supplemented", "ivo_closed"] },
  { name: t("lexsarah.uppfoljning"), steps: ["returned_to_unit"] },
  { name: t("lexsarah.avslutad"), steps: ["closed"] },
];

/** Where the track stands; nothing for one that was no misconduct. */
export function wayOf(step: string, toIVO: boolean): Step[] {
  const shown = way.filter((one) => one.name !== "IVO" || toIVO);
  const at = shown.findIndex((one) => one.steps.includes(step));
  if (at < 0) return [];
  return shown.map((one, index) => ({
    name: one.name,
    done: index < at || at === shown.length - 1,
    current: index === at,
  }));
}

export const stepTexts: Record<string, string> = {
  "receive-lex": t("lexsarah.las_rapporten_skriv_vad_den"),
  "act-at-once": t("lexsarah.se_till_att_ingen_far"),
  "assess-lex": t("lexsarah.ska_det_utredas_anmalas_till"),
  "propose-degree": t("lexsarah.allt_som_ska_dokumenteras_finns"),
  "decide-degree": t("lexsarah.las_utredningen_och_forslaget_och"),
  "log-ivo": t("lexsarah.anmal_i_ivo_s_e"),
  "return-lex": t("lexsarah.lamna_tillbaka_arendet_sa_att"),
  "close-lex": t("lexsarah.verksamheten_har_foljt_upp_och"),
};

export const waitingTexts: Record<string, string> = {
  reported: t("lexsarah.lex_sarah_ansvarig_tar_emot"),
  immediate_measures: t("lexsarah.det_som_behover_goras_direkt"),
  initial_assessment: t("lexsarah.lex_sarah_ansvarig_gor_en"),
  investigating: t("lexsarah.utredningen_pagar"),
  proposal: t("lexsarah.utredningen_vantar_pa_beslut_av"),
  decided: t("lexsarah.beslutet_ar_fattat"),
  ivo_notified: t("lexsarah.anmalan_finns_hos_ivo"),
  ivo_supplemented: t("lexsarah.anmalan_finns_hos_ivo"),
  ivo_closed: t("lexsarah.ivo_har_avslutat_sitt_arende"),
  returned_to_unit: t("lexsarah.verksamheten_foljer_upp_sina_atgarder"),
  closed: t("lexsarah.lex_sarah_ar_avslutat"),
  declined: t("lexsarah.det_var_inte_lex_sarah"),
};
