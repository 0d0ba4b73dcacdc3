// What somebody told, wrote or called in, taken down by staff.
import { t } from "../../i18n";
import { newKey } from "../../api/client";
import type { TakeDownBody } from "../../api/model";
import type { FieldErrors } from "../../ui";

export type TakenDown = {
  key: string;
  channel: string;
  sender_role: string;
  unit_id: string;
  narrative: string;
  arrived_on: string;
  note: string;
  wants_reply: string;
  anonymous: boolean;
  name: string;
  phone: string;
  email: string;
  address: string;
  about_manager: boolean;
};

export const blankTakenDown = (today: string): TakenDown => ({
  key: newKey(),
  channel: "",
  sender_role: "",
  unit_id: "",
  narrative: "",
  arrived_on: today,
  note: "",
  wants_reply: "NEJ",
  anonymous: false,
  name: "",
  phone: "",
  email: "",
  address: "",
  about_manager: false,
});

export const isOral = (channel: string) => channel.startsWith("MUNTLIG");

const needs: Record<string, { field: "email" | "phone" | "address"; text: string }> = {
  EPOST: { field: "email", text: t("takedown.skriv_e_post_annars_gar") },
  TELEFON: { field: "phone", text: t("takedown.skriv_telefon_annars_gar_det") },
  BREV: { field: "address", text: t("takedown.skriv_adress_annars_gar_det") },
};

export function check(form: TakenDown, today: string): FieldErrors {
  const errors: FieldErrors = {};
  if (!form.channel) errors.channel = t("takedown.valj_hur_det_kom_in");
  if (!form.sender_role) errors.sender_role = t("takedown.valj_vem_det_kommer_fran");
  if (!form.arrived_on) errors.arrived_on = t("takedown.valj_dag");
  else if (form.arrived_on > today) errors.arrived_on = t("takedown.dagen_har_inte_varit_an");
  if (!form.narrative.trim()) errors.narrative = t("takedown.skriv_vad_personen_berattade");
  if (isOral(form.channel) && !form.note.trim()) errors.note = t("takedown.skriv_hur_samtalet_gick_till");
  const need = needs[form.wants_reply];
  if (need && form.anonymous) errors.wants_reply = t("takedown.den_som_ar_anonym_kan");
  else if (need && !form[need.field].trim()) errors[need.field] = need.text;
  return errors;
}

const text = (value: string) => value.trim() || undefined;

export function toRequest(form: TakenDown): TakeDownBody {
  const contact = {
    name: text(form.name),
    phone: text(form.phone),
    email: text(form.email),
    address: text(form.address),
  };
  const known = !form.anonymous && Object.values(contact).some(Boolean);
  return {
    channel: form.channel as TakeDownBody["channel"],
    sender_role: form.sender_role as TakeDownBody["sender_role"],
    unit_id: text(form.unit_id),
    narrative: form.narrative.trim(),
    arrived_on: form.arrived_on,
    note: text(form.note),
    wants_reply: form.wants_reply as TakeDownBody["wants_reply"],
    contact: known ? contact : undefined,
    anonymous: form.anonymous,
    about_manager: form.about_manager,
  };
}
