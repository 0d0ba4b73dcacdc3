import { t } from "../../i18n";
import { ButtonLink, Failed, Icon, Skeleton, Tag } from "../../ui";
import { ReportCard } from "../case/Overview";
import { useCase } from "../case/useCase";
import { caseNumbers, caseTitle, stateTone } from "../case/words";

/** A case beside the list, to decide whether to open it. */
export function Peek({ id, onClose }: { id: string; onClose: () => void }) {
  const item = useCase(id);
  return (
    <section className="inbox-peek ly-stack" aria-label={t("inbox.forhandsvisning")}>
      {item.isPending && <Skeleton />}
      {item.error && <Failed what={t("inbox.arendet")} retry={() => void item.refetch()} />}
      {item.data && (
        <>
          <div className="ly-row ly-between">
            <h2>{caseTitle(item.data)}</h2>
            <button
              type="button"
              className="ly-iconbutton"
              onClick={onClose}
              aria-label={t("inbox.stang_forhandsvisningen")}
            >
              <Icon name="close" />
            </button>
          </div>
          <div className="ly-row">
            <span className="ly-muted ly-num">{caseNumbers(item.data)}</span>
            <Tag tone={stateTone(item.data.state)}>{item.data.state_text}</Tag>
            {item.data.unit && <span className="ly-muted">{item.data.unit.name}</span>}
          </div>
          <ReportCard item={item.data} />
          <ButtonLink to={`/arenden/${id}`} icon="next">
            {t("inbox.oppna_arendet")}
          </ButtonLink>
        </>
      )}
    </section>
  );
}
