// The staff report as data: what is asked, what must be answered, what is sent.
import { t } from "../../i18n";
import { newKey } from "../../api/client";
import type { ReportBody } from "../../api/model";
import type { FieldErrors } from "../../ui";

/** A chip of its own: nothing of what is offered. */
export const other = "ANNAT";

export type When = "NYSS" | "IDAG" | "ANNAN";

export type Report = {
  /** Drawn once per report, so that a double send is one report. */
  key: string;
  unit_id: string;
  category: string;
  harm: string;
  narrative: string;
  when: When;
  date: string;
  clock: string;
  direct_measure: string;
  people: string;
  place: string;
  on_behalf_of: string;
  about_manager: boolean;
  misconduct: boolean;
};

export const blankReport = (unit: string): Report => ({
  key: newKey(),
  unit_id: unit,
  category: "",
  harm: "",
  narrative: "",
  when: "NYSS",
  date: "",
  clock: "",
  direct_measure: "",
  people: "",
  place: "",
  on_behalf_of: "",
  about_manager: false,
  misconduct: false,
});

/** A draft comes back from the server as loose data, perhaps of an older version of the form. */
export function fromDraft(body: unknown, unit: string): Report {
  const blank = blankReport(unit);
  if (typeof body !== "object" || body === null) return blank;
  const stored = body as Record<string, unknown>;
  const known = Object.entries(blank).map(([name, value]) => {
    const found = stored[name];
    return [name, typeof found === typeof value ? found : value];
  });
  return Object.fromEntries(known) as Report;
}

/** Only the place and the words are needed; nobody must know the rest. */
export function check(report: Report, now: Date): FieldErrors {
  const errors: FieldErrors = {};
  if (!report.unit_id) errors.unit_id = t("report.valj_enhet");
  if (!report.narrative.trim()) errors.narrative = t("report.skriv_vad_som_hande");
  if (report.when === "ANNAN" && !report.date) errors.date = t("report.valj_datum");
  const at = happenedAt(report, now);
  if (at && at.getTime() > now.getTime() + 60_000) errors.date = t("report.tiden_har_inte_varit_an");
  return errors;
}

function happenedAt(report: Report, now: Date): Date | null {
  if (report.when === "NYSS") return null;
  const today = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
  const day = report.when === "IDAG" ? today : report.date;
  if (!day) return null;
  // Without a time the start of the day is kept: earlier than now on any day that has been.
  return new Date(`${day}T${report.clock || "00:00"}`);
}

const pad = (value: number) => String(value).padStart(2, "0");
const text = (value: string) => value.trim() || undefined;

export function toRequest(report: Report, now: Date): ReportBody {
  return {
    unit_id: report.unit_id,
    category: report.category === other ? undefined : text(report.category),
    harm: (report.harm || "OKANT") as ReportBody["harm"],
    narrative: report.narrative.trim(),
    happened_at: happenedAt(report, now)?.toISOString(),
    direct_measure: text(report.direct_measure),
    people: text(report.people),
    place: text(report.place),
    on_behalf_of: text(report.on_behalf_of),
    about_manager: report.about_manager,
    misconduct: report.misconduct || undefined,
  };
}
