// Lex Sarah in words: the steps of the track, its codes, what each step means.
import type { Step, Tone } from "../../ui";
import type { Choice } from "../case/moves";

export const degrees: readonly Choice[] = [
  { value: "INGET", label: "Inget missförhållande" },
  { value: "PATAGLIG_RISK", label: "Påtaglig risk för missförhållande" },
  { value: "MISSFORHALLANDE", label: "Missförhållande" },
  {
    value: "PATAGLIG_RISK_ALLVARLIGT",
    label: "Påtaglig risk för allvarligt missförhållande",
    hint: "Anmäls snarast till IVO",
  },
  { value: "ALLVARLIGT", label: "Allvarligt missförhållande", hint: "Anmäls snarast till IVO" },
];

export const kinds: readonly Choice[] = [
  { value: "FYSISKA_OVERGREPP", label: "Fysiska övergrepp" },
  { value: "SEXUELLA_OVERGREPP", label: "Sexuella övergrepp, också digitala" },
  { value: "PSYKISKA_OVERGREPP", label: "Psykiska övergrepp" },
  { value: "EKONOMISKA_OVERGREPP", label: "Ekonomiska övergrepp" },
  { value: "BEMOTANDE", label: "Brister i bemötande" },
  { value: "RATTSSAKERHET", label: "Brister i rättssäkerhet vid handläggning och genomförande" },
  { value: "UTFORANDE", label: "Brister i utförande av insatser" },
  { value: "MILJO_TEKNIK", label: "Brister i fysisk miljö, utrustning och teknik" },
];

export const assessments: readonly Choice[] = [
  { value: "UTRED", label: "Utred", hint: "Det kan vara ett missförhållande eller en påtaglig risk." },
  {
    value: "IVO_DIREKT",
    label: "Anmäl till IVO nu och utred",
    hint: "Det är uppenbart allvarligt. Utredningen görs ändå klar.",
  },
  { value: "INTE_LEX", label: "Inte lex Sarah", hint: "Ärendet går tillbaka till chefen som en avvikelse." },
];

export const told: readonly Choice[] = [
  { value: "JA", label: "Ja" },
  { value: "NEJ", label: "Nej" },
  { value: "EJ_MOJLIGT", label: "Inte möjligt" },
];
export const concerned: readonly Choice[] = [
  { value: "JA", label: "Ja" },
  { value: "NEJ", label: "Nej" },
  { value: "EJ_AKTUELLT", label: "Inte aktuellt" },
];
export const yesNo: readonly Choice[] = [
  { value: "JA", label: "Ja" },
  { value: "NEJ", label: "Nej" },
];

export const ivoKinds: readonly Choice[] = [
  { value: "ANMALD", label: "Anmäld till IVO" },
  { value: "KOMPLETTERAD", label: "Kompletterad" },
  { value: "AVSLUTAD", label: "IVO har avslutat" },
];

export const entryKinds: readonly Choice[] = [
  { value: "FAKTA", label: "Fakta" },
  { value: "BEDOMNING", label: "Bedömning" },
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
  { name: "Rapport", steps: ["reported"] },
  { name: "Direkta åtgärder", steps: ["immediate_measures"] },
  { name: "Första bedömning", steps: ["initial_assessment"] },
  { name: "Utredning", steps: ["investigating"] },
  { name: "Beslut", steps: ["proposal", "decided"] },
  { name: "IVO", steps: ["ivo_notified", "ivo_supplemented", "ivo_closed"] },
  { name: "Uppföljning", steps: ["returned_to_unit"] },
  { name: "Avslutad", steps: ["closed"] },
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
  "receive-lex": "Läs rapporten, skriv vad den gäller och registrera den.",
  "act-at-once": "Se till att ingen far illa nu. Skriv vad som är gjort.",
  "assess-lex": "Ska det utredas, anmälas till IVO direkt, eller är det inte lex Sarah?",
  "propose-degree": "Allt som ska dokumenteras finns med. Lämna utredningen till beslut.",
  "decide-degree": "Läs utredningen och förslaget och besluta hur allvarligt det är.",
  "log-ivo": "Anmäl i IVO:s e-tjänst och anteckna det här.",
  "return-lex": "Lämna tillbaka ärendet så att verksamheten kan följa upp sina åtgärder.",
  "close-lex": "Verksamheten har följt upp och avslutat.",
};

export const waitingTexts: Record<string, string> = {
  reported: "Lex Sarah-ansvarig tar emot rapporten.",
  immediate_measures: "Det som behöver göras direkt antecknas.",
  initial_assessment: "Lex Sarah-ansvarig gör en första bedömning.",
  investigating: "Utredningen pågår.",
  proposal: "Utredningen väntar på beslut av någon annan än utredaren.",
  decided: "Beslutet är fattat.",
  ivo_notified: "Anmälan finns hos IVO.",
  ivo_supplemented: "Anmälan finns hos IVO.",
  ivo_closed: "IVO har avslutat sitt ärende.",
  returned_to_unit: "Verksamheten följer upp sina åtgärder.",
  closed: "Lex Sarah är avslutat.",
  declined: "Det var inte lex Sarah. Chefen handlägger ärendet som en avvikelse.",
};
