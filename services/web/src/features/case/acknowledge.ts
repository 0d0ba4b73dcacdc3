// The acknowledgement by phone or letter: what the registrar notes when she has made the call.
import { t } from "../../i18n";
import type { MoveSpec } from "./moves";

export const acknowledge: MoveSpec = {
  template: "/cases/{id}/acknowledge",
  title: t("case.acknowledge_title"),
  intro: t("case.acknowledge_intro"),
  submit: t("case.acknowledge_submit"),
  asks: [
    { kind: "area", name: "note", label: t("case.acknowledge_how"), required: t("case.acknowledge_needed") },
  ],
};
