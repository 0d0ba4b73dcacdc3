import { t } from "../../i18n";
import type { Case, Measure } from "../../api/model";
import { useCodes } from "../../api/reference";
import { Icon, Tag } from "../../ui";
import { measureStatus, measureTones } from "./MeasuresTab";

/** From every cause, through the answers to why, to a measure, and from every measure to its effect. What is missing stands
 *  in words. */
export function RedThread({ item }: { item: Case }) {
  const rows = item.red_thread ?? [];
  if (rows.length === 0) return null;
  const causes = new Map((item.causes ?? []).map((cause) => [cause.id, cause]));
  const measures = new Map((item.measures ?? []).map((measure) => [measure.id, measure]));
  return (
    <section className="ly-card ly-stack ly-stack-s">
      <h2>{t("case.roda_traden")}</h2>
      <p className="ly-muted">{t("case.varje_orsak_ska_leda_till")}</p>
      <ul className="thread">
        {rows.map((row) => {
          const cause = causes.get(row.cause_id);
          const root = cause?.whys.at(-1);
          return (
            <li key={row.cause_id} data-ok={row.ok ? "" : undefined}>
              <Icon name={row.ok ? "check" : "alert"} />
              <div className="thread-way">
                <p>
                  <small>{t("case.orsak")}</small>
                  <b>{cause?.text ?? t("case.orsak")}</b>
                </p>
                {root && (
                  <p>
                    <small>{t("case.ytterst_darfor_att")}</small>
                    {root}
                  </p>
                )}
                {row.measures.map((id) => (
                  <Step key={id} measure={measures.get(id)} />
                ))}
                {row.missing && <p className="thread-missing">{row.missing}</p>}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const effects: Record<string, string> = {
  JA: t("case.hjalpte"),
  DELVIS: t("case.hjalpte_delvis"),
  NEJ: t("case.hjalpte_inte"),
};

function Step({ measure }: { measure: Measure | undefined }) {
  const codes = useCodes();
  if (!measure) return null;
  return (
    <p>
      <small>{t("case.atgard")}</small>
      <span>
        {measure.title}{" "}
        <Tag tone={measureTones[measure.status] ?? "neutral"}>
          {measure.effect ? effects[measure.effect] : measureStatus(measure.status)}
        </Tag>{" "}
        <span className="ly-muted ly-small">{codes.label("measure_strength", measure.strength)}</span>
      </span>
    </p>
  );
}
