import { t } from "../../i18n";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { remove } from "../../api/client";
import type { Case, Cause } from "../../api/model";
import { explain } from "../../api/problems";
import { useCodes } from "../../api/reference";
import { Button, Icon, useToast } from "../../ui";
import { CauseDialog } from "./CauseDialog";
import { ProposeDialog } from "./MeasureDialogs";
import { can, caseKey } from "./useCase";

type Open = { cause?: Cause; measureFor?: Cause };

/** Causes by area, each with the answers to why below it, and what is done about it. */
export function CausesCard({ item, editable }: { item: Case; editable: boolean }) {
  const codes = useCodes();
  const queries = useQueryClient();
  const say = useToast();
  const [open, setOpen] = useState<Open>();
  const causes = item.causes ?? [];
  const areas = [...new Set(causes.map((cause) => cause.area))];
  const drop = async (cause: Cause) => {
    try {
      const next = await remove<Case>("/cases/{id}/causes/{cause}", {
        path: { id: item.id, cause: cause.id },
        version: item.version,
      });
      queries.setQueryData(caseKey(item.id), next);
    } catch (error) {
      say(explain(error), { danger: true });
    }
  };
  return (
    <section className="ly-card ly-stack ly-stack-s" aria-labelledby="causes-title">
      <div className="ly-row ly-between">
        <h2 id="causes-title">{t("case.orsaker")}</h2>
        {editable && (
          <Button variant="secondary" icon="plus" onClick={() => setOpen({})}>
            {t("case.lagg_till_orsak")}
          </Button>
        )}
      </div>
      {causes.length === 0 && <p className="ly-muted">{t("case.inga_orsaker_an_varje_orsak")}</p>}
      {areas.map((area) => (
        <section key={area} className="cause-area">
          <h3>{codes.label("cause_area", area)}</h3>
          {causes
            .filter((cause) => cause.area === area)
            .map((cause) => (
              <div key={cause.id} className="cause">
                <div>
                  <b>{cause.text}</b>
                  {cause.whys.length > 0 && (
                    <ol className="whys" aria-label={t("case.svaren_pa_varfor")}>
                      {cause.whys.map((why, index) => (
                        <li key={index}>{why}</li>
                      ))}
                    </ol>
                  )}
                  {cause.underlying && (
                    <p className="ly-muted ly-small">{codes.label("underlying_cause", cause.underlying)}</p>
                  )}
                  {can(item, "propose-measure") && (
                    <button
                      type="button"
                      className="course-correct ly-noprint"
                      onClick={() => setOpen({ measureFor: cause })}
                    >
                      <Icon name="plus" />
                      {t("case.foresla_atgard_mot_orsaken")}
                    </button>
                  )}
                </div>
                {editable && (
                  <div className="ly-row ly-noprint cause-tools">
                    <button
                      type="button"
                      className="ly-iconbutton"
                      aria-label={t("case.andra_orsaken", { text: cause.text })}
                      onClick={() => setOpen({ cause })}
                    >
                      <Icon name="pen" />
                    </button>
                    <button
                      type="button"
                      className="ly-iconbutton"
                      aria-label={t("case.ta_bort_orsaken", { text: cause.text })}
                      onClick={() => void drop(cause)}
                    >
                      <Icon name="close" />
                    </button>
                  </div>
                )}
              </div>
            ))}
        </section>
      ))}
      {open && !open.measureFor && (
        <CauseDialog
          item={item}
          {...(open.cause && { cause: open.cause })}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open?.measureFor && (
        <ProposeDialog item={item} cause={open.measureFor.id} onClose={() => setOpen(undefined)} />
      )}
    </section>
  );
}
