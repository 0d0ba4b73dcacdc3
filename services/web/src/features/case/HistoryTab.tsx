import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "../../api/client";
import type { Case, History, List, Reading } from "../../api/model";
import { useSession } from "../../app/session";
import { dateTime, t } from "../../i18n";
import { Button, Empty, Failed, Skeleton } from "../../ui";
import { readerOf } from "../audit/words";

export function HistoryTab({ item }: { item: Case }) {
  const history = useQuery({
    queryKey: ["case-history", item.id],
    queryFn: () => get<History>("/cases/{id}/history", { path: { id: item.id } }),
  });
  const { may } = useSession();
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
      {may("case:reads") && <Reads item={item} />}
    </section>
  );
}

/** Who has read it (SoLPuL 10 §). It is fetched when somebody opens it: looking here is itself an entry. */
function Reads({ item }: { item: Case }) {
  const [open, setOpen] = useState(false);
  const reads = useInfiniteQuery({
    queryKey: ["case-reads", item.id],
    queryFn: ({ pageParam }) =>
      get<List<Reading>>("/cases/{id}/reads", { path: { id: item.id }, query: { cursor: pageParam } }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: open,
  });
  const rows = reads.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="ly-stack">
      <div className="ly-noprint">
        <Button variant="secondary" icon="people" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("audit.vem_har_last")}
        </Button>
      </div>
      {open && reads.isPending && <Skeleton />}
      {reads.error && <Failed what={t("audit.vem_har_last")} retry={() => void reads.refetch()} />}
      {open && rows.length > 0 && (
        <ol className="ly-timeline" aria-label={t("audit.vem_har_last")}>
          {rows.map((read, index) => (
            <li key={`${read.at}-${index}`}>
              <b>{readerOf(read)}</b>
              <time dateTime={read.at}>
                {dateTime(read.at)}
                {read.actor_title && ` · ${read.actor_title}`} · {read.text}
              </time>
            </li>
          ))}
        </ol>
      )}
      {open && reads.hasNextPage && (
        <div className="ly-noprint">
          <Button
            variant="secondary"
            busy={reads.isFetchingNextPage}
            onClick={() => void reads.fetchNextPage()}
          >
            {t("audit.fler")}
          </Button>
        </div>
      )}
    </div>
  );
}
