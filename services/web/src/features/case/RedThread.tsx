import { t } from "../../i18n";
import type { Case } from "../../api/model";
import { Icon } from "../../ui";

/** From every cause to a measure, from every measure to its effect. What is missing stands in words. */
export function RedThread({ item }: { item: Case }) {
  const rows = item.red_thread ?? [];
  if (rows.length === 0) return null;
  const causes = new Map((item.causes ?? []).map((cause) => [cause.id, cause.text]));
  const names = new Map((item.measures ?? []).map((measure) => [measure.id, measure.title]));
  return (
    <section className="ly-card ly-stack ly-stack-s">
      <h2>{t("case.roda_traden")}</h2>
      <p className="ly-muted">{t("case.varje_orsak_ska_leda_till")}</p>
      <ul className="thread">
        {rows.map((row) => (
          <li key={row.cause_id} data-ok={row.ok ? "" : undefined}>
            <Icon name={row.ok ? "check" : "alert"} />
            <div>
              <b>{causes.get(row.cause_id) ?? t("case.orsak")}</b>
              {(row.measures ?? []).length > 0 && (
                <p className="ly-muted">
                  {(row.measures ?? []).map((id) => names.get(id) ?? t("case.atgard")).join(" · ")}
                </p>
              )}
              {row.missing && <p className="thread-missing">{row.missing}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
