// The moves that give a case, or a part of it, to somebody.
import { t } from "../../i18n";
import type { FieldErrors } from "../../ui";
import type { MoveSpec, Values } from "./moves";

export const text = (value: Values[string] | undefined) => (typeof value === "string" ? value : "");
/** What was not answered is left out. */
export const given = (value: Values[string] | undefined) => text(value).trim() || undefined;

const assign: MoveSpec = {
  template: "/cases/{id}/assign",
  title: t("case.lamna_till_handlaggare"),
  intro: t("case.handlaggaren_blir_den_narmaste_chefen"),
  submit: t("case.lamna_over"),
  asks: [
    { kind: "unit", name: "unit_id", label: t("case.enhet"), required: t("case.valj_enhet") },
    {
      kind: "person",
      purpose: "handle",
      name: "handler_id",
      label: t("case.annan_handlaggare"),
      hint: t("case.bara_om_regeln_blir_fel"),
    },
    { kind: "text", name: "reason", label: t("case.varfor_en_annan_handlaggare") },
  ],
  start: (item) => ({ unit_id: item.unit?.id ?? "", handler_id: "", reason: "" }),
  body: (v) => ({ unit_id: v.unit_id, handler_id: given(v.handler_id), reason: given(v.reason) }),
};

export const handling: Record<string, MoveSpec> = {
  assign,
  reassign: {
    ...assign,
    template: "/cases/{id}/reassign",
    title: t("case.byt_handlaggare"),
    intro: t("case.arendet_fortsatter_dar_det_star"),
    submit: t("case.byt_handlaggare"),
    asks: [
      ...assign.asks.filter((ask) => ask.name !== "reason"),
      {
        kind: "text",
        name: "reason",
        label: t("case.varfor"),
        required: t("case.skriv_varfor_handlaggaren_byts"),
      },
    ],
  },
  "ask-again": {
    template: "/cases/{id}/ask-again",
    title: t("case.flytta_fragan_till_den_som"),
    intro: t("case.fragan_gar_till_den_som"),
    submit: t("case.flytta_fragan"),
    asks: [
      {
        kind: "check",
        name: "absent",
        label: t("case.chefen_som_fick_fragan_ar"),
        hint: t("case.da_gar_fragan_till_nasta"),
      },
      { kind: "text", name: "reason", label: t("case.varfor"), depends: true },
    ],
    check: (v): FieldErrors =>
      v.absent === true && !text(v.reason).trim() ? { reason: t("case.skriv_varfor_chefen_inte_kan") } : {},
    body: (v) => ({ absent: v.absent, reason: given(v.reason) }),
  },
  "take-back": { template: "/cases/{id}/take-back", title: "", submit: "", asks: [] },
};
