// What somebody told, wrote or called in, taken down by staff.
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
  EPOST: { field: "email", text: "Skriv e-post, annars går det inte att svara så" },
  TELEFON: { field: "phone", text: "Skriv telefon, annars går det inte att svara så" },
  BREV: { field: "address", text: "Skriv adress, annars går det inte att svara så" },
};

export function check(form: TakenDown, today: string): FieldErrors {
  const errors: FieldErrors = {};
  if (!form.channel) errors.channel = "Välj hur det kom in";
  if (!form.sender_role) errors.sender_role = "Välj vem det kommer från";
  if (!form.arrived_on) errors.arrived_on = "Välj dag";
  else if (form.arrived_on > today) errors.arrived_on = "Dagen har inte varit än";
  if (!form.narrative.trim()) errors.narrative = "Skriv vad personen berättade";
  if (isOral(form.channel) && !form.note.trim()) errors.note = "Skriv hur samtalet gick till";
  const need = needs[form.wants_reply];
  if (need && form.anonymous) errors.wants_reply = "Den som är anonym kan bara få svar med kod";
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
