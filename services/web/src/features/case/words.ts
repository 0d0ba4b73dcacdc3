// How a case is said in words: its name, its state, its colours.
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
  item.subject ?? `Ärende ${item.reference}`;

/** All numbers a case goes by. */
export const caseNumbers = (item: Pick<Case | CaseRow, "entry_no" | "own_dnr" | "reference">) =>
  [item.entry_no, item.own_dnr].filter(Boolean).join(" · ") || item.reference;

const way: { name: string; states: string[] }[] = [
  { name: "Inkommen", states: ["received"] },
  { name: "Registrerad", states: ["registered", "assigned"] },
  { name: "Bedömning", states: ["assessing", "consulting"] },
  { name: "Utredning", states: ["investigating"] },
  { name: "Åtgärder", states: ["measures", "board"] },
  { name: "Svar", states: ["dispatching"] },
  { name: "Uppföljning", states: ["follow_up"] },
  { name: "Avslutad", states: ["closed", "archived", "disposed"] },
];

/** Where the case stands on the usual way; nothing for those that have left it. */
export function wayOf(state: string): Step[] {
  const at = way.findIndex((step) => step.states.includes(state));
  if (at < 0) return [];
  return way.map((step, index) => ({
    name: step.name,
    done: index < at || at === way.length - 1,
    current: index === at,
  }));
}

const bands: [number, string, Tone][] = [
  [12, "mycket hög", "danger"],
  [8, "hög", "warn"],
  [4, "medel", "calm"],
  [1, "låg", "neutral"],
];

export function riskBand(value: number): { text: string; tone: Tone } {
  const [, text, tone] = bands.find(([least]) => value >= least) ?? [0, "", "neutral" as const];
  return { text: `${value} – ${text}`, tone };
}

/** What a step means, in a sentence under its name. */
export const stepTexts: Record<string, string> = {
  register: "Ge ärendet nummer, sekretess och en handläggare.",
  assign: "Skicka ärendet till den chef som är närmast.",
  assess: "Läs det som hänt och börja bedöma vad som behövs.",
  classify: "Välj kategori, allvarlighetsgrad och sannolikhet.",
  consult: "Din närmaste chef avgör om ärendet är komplicerat.",
  "decide-complexity": "Läs frågan och avgör om ärendet är enkelt eller komplicerat.",
  investigate: "Ta reda på vad som hände och varför.",
  "own-number": "Ärendet är komplicerat och ska ha ett eget diarienummer utöver samlingsakten.",
  "save-investigation": "Skriv vad som hände och varför, och lägg till orsaker och åtgärder.",
  "log-feedback": "Berätta för personen det gäller vad ni kom fram till, och anteckna det här.",
  measures: "Besluta, genomför och följ upp åtgärderna.",
  "plan-measures": "Utredningen är klar. Gå vidare och genomför åtgärderna.",
  reply: "Skriv svaret till den som hörde av sig.",
  "follow-up": "Svaret är skickat. Följ upp att åtgärderna hjälpte.",
  close: "Allt är uppföljt. Skriv resultatet och avsluta.",
  resume: "Kompletteringen har kommit. Fortsätt där du var.",
  reopen: "Öppna igen om det har kommit nya uppgifter.",
};

export const waitingTexts: Record<string, string> = {
  received: "Registratorn registrerar ärendet.",
  registered: "Registratorn lämnar ärendet till en handläggare.",
  assigned: "Handläggaren börjar bedöma ärendet.",
  assessing: "Handläggaren bedömer ärendet.",
  consulting: "Handläggarens chef avgör om ärendet är komplicerat.",
  investigating: "Utredningen pågår.",
  measures: "Åtgärderna genomförs.",
  dispatching: "Handläggaren skickar svar.",
  follow_up: "Handläggaren följer upp åtgärderna.",
  awaiting_info: "Vi väntar på en komplettering. Klockan står still så länge.",
  handed_over: "Utföraren har tagit över ärendet.",
  lex_hold: "Ärendet finns hos lex Sarah-ansvarig.",
  closed: "Ärendet är avslutat.",
  void: "Ärendet är makulerat. Numret finns kvar i diariet.",
};
