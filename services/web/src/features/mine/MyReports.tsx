import { useInfiniteQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { List, MyReport } from "../../api/model";
import { dateLong, t } from "../../i18n";
import { Empty, Failed, Icon, Page, Pager, Skeleton, Tag } from "../../ui";
import { stateTone } from "../case/words";
import "./mine.css";

/** What became of what I told: the thing that keeps people reporting. */
export function MyReports() {
  const list = useInfiniteQuery({
    queryKey: ["list-own-cases"],
    queryFn: ({ pageParam }) => get<List<MyReport>>("/cases/mine", { query: { cursor: pageParam } }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={t("mine.mina_rapporter")}
      aside={
        <a className="ds-button" href="/app/rapportera">
          <Icon name="plus" />
          {t("mine.ny_rapport")}
        </a>
      }
    >
      {list.isPending && <Skeleton />}
      {list.error && <Failed what={t("mine.dina_rapporter")} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <section className="ly-card">
          <Empty icon="pen" title={t("mine.du_har_inte_rapporterat_nagot")}>
            <a className="ds-button" href="/app/rapportera">
              {t("mine.rapportera")}
            </a>
          </Empty>
        </section>
      )}
      {rows.length > 0 && (
        <section className="ly-card ly-card-flush">
          <ol className="mine">
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ol>
          <Pager
            text={rows.length === 1 ? "1 rapport" : `${rows.length} rapporter`}
            more={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
            busy={list.isFetchingNextPage}
          />
        </section>
      )}
    </Page>
  );
}

function Row({ row }: { row: MyReport }) {
  return (
    <li>
      <div className="ly-row ly-between">
        <b>{row.first_words}</b>
        <Tag tone={stateTone(row.state)}>{row.state_text}</Tag>
      </div>
      <p className="ly-muted ly-small">
        <span className="ly-num">{row.reference}</span> · {dateLong(row.received_at)}
        {row.unit_name && ` · ${row.unit_name}`}
      </p>
      {(row.feedback ?? []).map((feedback) => (
        <p key={feedback.at + feedback.text} className="mine-feedback">
          <Icon name="chat" />
          <span>
            {feedback.text}
            <small>{dateLong(feedback.at)}</small>
          </span>
        </p>
      ))}
    </li>
  );
}
