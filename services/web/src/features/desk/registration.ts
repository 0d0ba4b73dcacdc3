// What the registrar decides about a report, as data.
import { t } from "../../i18n";
import type { Case, RegisterBody } from "../../api/model";
import type { FieldErrors } from "../../ui";

export type Registration = {
  case_type: string;
  synpunkt_kind: string;
  sender_role: string;
  subject: string;
  unit_id: string;
  category: string;
  secrecy: string;
  assign: boolean;
};

/** The server proposes everything that can be proposed. */
export function propose(item: Case): Registration {
  return {
    case_type: item.case_type ?? item.registration_proposal?.case_type ?? "KLAGOMAL",
    synpunkt_kind: item.synpunkt_kind ?? "",
    sender_role: item.sender_role,
    subject: item.registration_proposal?.subject_suggestions?.[0] ?? "",
    unit_id: item.unit?.id ?? item.reported_unit?.id ?? "",
    category: item.category ?? item.category_hsl ?? item.registration_proposal?.category ?? "",
    secrecy: "SEKRETESS",
    assign: true,
  };
}

export function check(form: Registration): FieldErrors {
  const errors: FieldErrors = {};
  const subject = form.subject.trim();
  if (subject.length < 3) errors.subject = t("desk.skriv_ett_neutralt_amne_minst");
  if (subject.length > 120) errors.subject = t("desk.amnet_far_vara_hogst_120");
  if (/\b\d{6,8}[-+ ]?\d{4}\b/.test(subject))
    errors.subject = t("desk.amnet_far_inte_innehalla_personnummer");
  if (form.assign && !form.unit_id) errors.unit_id = t("desk.valj_enhet_annars_gar_arendet");
  if (form.case_type === "SYNPUNKT" && !form.synpunkt_kind)
    errors.synpunkt_kind = t("desk.valj_slag_av_synpunkt");
  return errors;
}

export const toRequest = (form: Registration): RegisterBody => ({
  case_type: form.case_type as RegisterBody["case_type"],
  synpunkt_kind:
    form.case_type === "SYNPUNKT" ? (form.synpunkt_kind as RegisterBody["synpunkt_kind"]) : undefined,
  sender_role: form.sender_role,
  subject: form.subject.trim(),
  unit_id: form.unit_id || undefined,
  category: form.category || undefined,
  secrecy: form.secrecy as RegisterBody["secrecy"],
  assign: form.assign,
});
