import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { Case, History } from "../../api/model";
import { dateTime, t } from "../../i18n";
import { Details, Empty, Failed, Skeleton } from "../../ui";

/** Every act reads the case first; only looking is told apart. */
const readWords: Record<string, string> = {
  "open-case": t("case.oppnade_arendet"),
  "list-history": t("case.laste_historiken"),
};

export function HistoryTab({ item }: { item: Case }) {
  const history = useQuery({
    queryKey: ["case-history", item.id],
    queryFn: () => get<History>("/cases/{id}/history", { path: { id: item.id } }),
  });
  const reads = history.data?.reads ?? [];
  return (
    <section className="ly-card ly-stack">
      <h2>{t("case.historik")}</h2>
      {history.isPending && <Skeleton />}
      {history.error && <Failed what={t("case.historiken")} retry={() => void history.refetch()} />}
      {history.data?.items.length === 0 && <Empty title={t("case.inget_har_hant_an")} />}
      <ol className="ly-timeline">
        {history.data?.items.map((event) => (
          <li key={`${event.at}-${event.text}`}>
            <b>{event.text}</b>
            <time dateTime={event.at}>
              {dateTime(event.at)}
              {event.actor_name && ` · ${event.actor_name}`}
            </time>
            {event.note && <p className="ly-pre">{event.note}</p>}
          </li>
        ))}
      </ol>
      {reads.length > 0 && (
        <Details summary={t("case.vem_har_last", { length: reads.length })}>
          <ul className="ly-timeline">
            {reads.map((read) => (
              <li key={`${read.at}-${read.actor_name}-${read.action}`}>
                {read.actor_name ?? t("case.systemet")}
                <time dateTime={read.at}>
                  {dateTime(read.at)} · {readWords[read.action] ?? t("case.arbetade_i_arendet")}
                </time>
              </li>
            ))}
          </ul>
        </Details>
      )}
    </section>
  );
}
