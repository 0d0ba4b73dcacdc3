import { t } from "../../i18n";
import { useState } from "react";
import type { Case, Measure } from "../../api/model";
import { useCodes } from "../../api/reference";
import { Alert, Button, Empty, Tag, type Tone } from "../../ui";
import { DueText } from "./DueText";
import { CompleteDialog, DecideDialog, FollowUpDialog, ProposeDialog } from "./MeasureDialogs";
import { can } from "./useCase";

export const measureTones: Record<string, Tone> = {
  FORSLAG: "info",
  PLANERAD: "calm",
  GENOMFORD: "warn",
  UPPFOLJD: "ok",
  AVSLAGEN: "neutral",
};
const statusWords: Record<string, string> = {
  FORSLAG: t("case.forslag"),
  PLANERAD: t("case.planerad"),
  GENOMFORD: t("case.genomford"),
  UPPFOLJD: t("case.uppfoljd"),
  AVSLAGEN: t("case.avslagen"),
};
const effectWords: Record<string, string> = {
  JA: t("case.ja"),
  DELVIS: t("case.delvis"),
  NEJ: t("case.nej"),
};
export const measureStatus = (status: string) => statusWords[status] ?? status;

type Open = { act: string; measure?: Measure };

export function MeasuresTab({ item }: { item: Case }) {
  const [open, setOpen] = useState<Open>();
  const measures = item.measures ?? [];
  const live = measures.filter((measure) => measure.status !== "AVSLAGEN");
  const close = () => setOpen(undefined);
  return (
    <section className="ly-card ly-card-flush">
      <div className="ly-card-head">
        <h2>{t("case.atgarder")}</h2>
        {can(item, "propose-measure") && (
          <Button icon="plus" variant="secondary" onClick={() => setOpen({ act: "propose" })}>
            {t("case.foresla_atgard")}
          </Button>
        )}
      </div>
      {measures.length === 0 && (
        <Empty icon="flag" title={t("case.inga_atgarder")}>
          <p>{t("case.behovs_ingen_skriv_varfor_i")}</p>
        </Empty>
      )}
      {live.length > 0 && live.every((measure) => measure.strength === "SVAG") && (
        <div className="measure">
          <Alert tone="warning">{t("case.alla_atgarder_ar_svaga_finns")}</Alert>
        </div>
      )}
      {measures.map((measure) => (
        <Row key={measure.id} item={item} measure={measure} onAct={(act) => setOpen({ act, measure })} />
      ))}
      {open?.act === "propose" && <ProposeDialog item={item} onClose={close} />}
      {open?.measure && open.act === "decide-measure" && (
        <DecideDialog item={item} measure={open.measure} onClose={close} />
      )}
      {open?.measure && open.act === "complete-measure" && (
        <CompleteDialog item={item} measure={open.measure} onClose={close} />
      )}
      {open?.measure && open.act === "follow-up-measure" && (
        <FollowUpDialog item={item} measure={open.measure} onClose={close} />
      )}
    </section>
  );
}

function Row({ item, measure, onAct }: { item: Case; measure: Measure; onAct: (act: string) => void }) {
  const codes = useCodes();
  const cause = (item.causes ?? []).find((one) => one.id === measure.cause_id);
  return (
    <div className="measure">
      <div className="ly-row ly-between">
        <h3>{measure.title}</h3>
        <Tag tone={measureTones[measure.status] ?? "neutral"}>{measureStatus(measure.status)}</Tag>
      </div>
      <div className="measure-meta">
        <span>{codes.label("measure_strength", measure.strength)}</span>
        <span>{measure.owner?.name ?? t("case.ingen_ansvarig")}</span>
        {measure.done_on ? (
          <span>
            {t("case.genomford")} {measure.done_on}
          </span>
        ) : (
          <DueText on={measure.due_on} text={measure.due_text || null} late={measure.late} />
        )}
        {cause && (
          <span>
            {t("case.orsak_2")} {cause.text}
          </span>
        )}
      </div>
      {measure.effect && (
        <p>
          {t("case.hjalpte_atgarden")} <b>{effectWords[measure.effect] ?? measure.effect}.</b>{" "}
          {measure.effect_note}
        </p>
      )}
      <div className="ly-row">
        {(measure.actions ?? [])
          .filter((action) => action.allowed)
          .map((action) => (
            <Button key={action.act} variant="secondary" onClick={() => onAct(action.act)}>
              {action.label}
            </Button>
          ))}
      </div>
    </div>
  );
}
