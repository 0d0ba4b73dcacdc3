// How a case is said in words: its name, its state, its colours.
import { t } from "../../i18n";
import type { Case, CaseRow } from "../../api/model";
import type { Step, Tone } from "../../ui";

const tones: Record<string, Tone> = {
  received: "info",
  registered: "info",
  assigned: "info",
  assessing: "calm",
  consulting: "calm",
  investigating: "calm",
  measures: "warn",
  board: "warn",
  dispatching: "warn",
  follow_up: "warn",
  awaiting_info: "neutral",
  handed_over: "neutral",
  lex_hold: "danger",
  closed: "ok",
  archived: "ok",
  void: "neutral",
};
export const stateTone = (state: string): Tone => tones[state] ?? "neutral";

/** The registrar's neutral subject, or the number while there is none. Never the reporter's words. */
export const caseTitle = (item: Pick<Case | CaseRow, "subject" | "reference">) =>
  item.subject ?? t("case.arende_2", { reference: item.reference });

/** All numbers a case goes by. */
export const caseNumbers = (item: Pick<Case | CaseRow, "entry_no" | "own_dnr" | "reference">) =>
  [item.entry_no, item.own_dnr].filter(Boolean).join(" · ") || item.reference;

const way: { name: string; states: string[] }[] = [
  { name: t("case.inkommen"), states: ["received"] },
  { name: t("case.registrerad"), states: ["registered", "assigned"] },
  { name: t("case.bedomning"), states: ["assessing", "consulting"] },
  { name: t("case.utredning"), states: ["investigating"] },
  { name: t("case.atgarder"), states: ["measures", "board"] },
  { name: t("case.svar"), states: ["dispatching"] },
  { name: t("case.uppfoljning"), states: ["follow_up"] },
  { name: t("case.avslutad"), states: ["closed", "archived", "disposed"] },
];

const answered = ["dispatching", "follow_up", "closed", "archived", "disposed"];

/** Steps that the case went past: a simple answer needs no investigation, and not every answer measures. */
function skipped(item: OnWay): string[] {
  if (!answered.includes(item.state)) return [];
  const out = item.response_level === "UTREDNING" ? [] : ["investigating"];
  return item.measures?.length ? out : [...out, "measures"];
}

type OnWay = Pick<Case, "state" | "response_level" | "measures">;

/** Where the case stands on its way; nothing for those that have left it. */
export function wayOf(item: OnWay): Step[] {
  const past = skipped(item);
  const steps = way.filter((step) => !step.states.some((state) => past.includes(state)));
  const at = steps.findIndex((step) => step.states.includes(item.state));
  if (at < 0) return [];
  return steps.map((step, index) => ({
    name: step.name,
    done: index < at || at === steps.length - 1,
    current: index === at,
  }));
}

const bands: [number, string, Tone][] = [
  [12, t("case.mycket_hog"), "danger"],
  [8, t("case.hog"), "warn"],
  [4, t("case.medel"), "calm"],
  [1, t("case.lag"), "neutral"],
];

export function riskBand(value: number): { text: string; tone: Tone } {
  const [, text, tone] = bands.find(([least]) => value >= least) ?? [0, "", "neutral" as const];
  return { text: `${value} – ${text}`, tone };
}

/** What a step means, in a sentence under its name. */
export const stepTexts: Record<string, string> = {
  register: t("case.ge_arendet_nummer_sekretess_och"),
  assign: t("case.skicka_arendet_till_den_chef"),
  assess: t("case.las_det_som_hant_och"),
  classify: t("case.valj_kategori_allvarlighetsgrad_och_sannolikhet"),
  consult: t("case.din_narmaste_chef_avgor_om_2"),
  "decide-complexity": t("case.las_fragan_och_avgor_om"),
  investigate: t("case.ta_reda_pa_vad_som"),
  "own-number": t("case.arendet_ar_komplicerat_och_ska"),
  "save-investigation": t("case.skriv_vad_som_hande_och"),
  "log-feedback": t("case.beratta_for_personen_det_galler"),
  measures: t("case.besluta_genomfor_och_folj_upp"),
  "plan-measures": t("case.utredningen_ar_klar_ga_vidare"),
  reply: t("case.skriv_svaret_till_den_som"),
  "follow-up": t("case.svaret_ar_skickat_folj_upp"),
  close: t("case.allt_ar_uppfoljt_skriv_resultatet"),
  resume: t("case.kompletteringen_har_kommit_fortsatt_dar"),
  reopen: t("case.oppna_igen_om_det_har"),
};

export const waitingTexts: Record<string, string> = {
  received: t("case.registratorn_registrerar_arendet"),
  registered: t("case.registratorn_lamnar_arendet_till_en"),
  assigned: t("case.handlaggaren_borjar_bedoma_arendet"),
  assessing: t("case.handlaggaren_bedomer_arendet"),
  consulting: t("case.handlaggarens_chef_avgor_om_arendet"),
  investigating: t("case.utredningen_pagar"),
  measures: t("case.atgarderna_genomfors"),
  dispatching: t("case.handlaggaren_skickar_svar"),
  follow_up: t("case.handlaggaren_foljer_upp_atgarderna"),
  awaiting_info: t("case.vi_vantar_pa_en_komplettering"),
  handed_over: t("case.utforaren_har_tagit_over_arendet"),
  lex_hold: t("case.arendet_finns_hos_lex_sarah_2"),
  closed: t("case.arendet_ar_avslutat"),
  void: t("case.arendet_ar_makulerat_numret_finns"),
};
