import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { get } from "../../api/client";
import type { Day as DayPage, Task } from "../../api/model";
import { dateLong, t } from "../../i18n";
import { Empty, Failed, Page, Pager, Skeleton, Tag } from "../../ui";
import { groupOf, type Group, groups, placeOf } from "./tasks";
import "./day.css";

/** What waits for me, the most urgent first. What is done is gone. */
export function Day() {
  const list = useInfiniteQuery({
    queryKey: ["read-day"],
    queryFn: ({ pageParam }) => get<DayPage>("/day", { query: { cursor: pageParam } }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const first = list.data?.pages[0];
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t("day.title")} {...(first && { lead: dateLong(first.on) })}>
      {list.isPending && <Skeleton />}
      {list.error && <Failed what={t("day.title")} retry={() => void list.refetch()} />}
      {first && rows.length === 0 && (
        <section className="ly-card">
          <Empty icon="check" title={t("day.clear")}>
            <p className="ly-muted">{t("day.clear_more")}</p>
          </Empty>
        </section>
      )}
      {first && rows.length > 0 && <Counts counts={first.counts} />}
      {groups.map((group) => (
        <Part key={group} group={group} rows={rows.filter((row) => groupOf(row) === group)} />
      ))}
      {rows.length > 0 && (
        <Pager
          text={rows.length === 1 ? t("day.one") : t("day.many", { n: rows.length })}
          more={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          busy={list.isFetchingNextPage}
        />
      )}
    </Page>
  );
}

function Counts({ counts }: { counts: DayPage["counts"] }) {
  const shown = [
    { word: t("day.late"), n: counts.late, tone: "is-late" },
    { word: t("day.today"), n: counts.today, tone: "" },
    { word: t("day.later"), n: counts.later, tone: "" },
    { word: t("day.new"), n: counts.new, tone: "" },
  ];
  return (
    <dl className="day-counts ly-card">
      {shown.map(({ word, n, tone }) => (
        <div key={word} className={n > 0 ? tone : ""}>
          <dt>{word}</dt>
          <dd className="ly-num">{n}</dd>
        </div>
      ))}
    </dl>
  );
}

function Part({ group, rows }: { group: Group; rows: Task[] }) {
  if (rows.length === 0) return null;
  return (
    <section className="ly-card ly-card-flush day-part" aria-label={t(`day.${group}`)}>
      <h2>{t(`day.${group}`)}</h2>
      <ol>
        {rows.map((row) => (
          <li key={row.kind + row.case_id + row.due_on} className={row.late ? "is-late" : ""}>
            <Link to={placeOf(row)}>{row.text}</Link>
            <span className="day-what">
              {row.subject ?? t("day.no_subject")}
              <small className="ly-muted">
                <span className="ly-num">{row.number}</span>
                {row.unit_name && ` · ${row.unit_name}`}
              </small>
            </span>
            <span className="day-due">
              {row.new && <Tag tone="info">{t("day.is_new")}</Tag>}
              {row.due_text && <span className="ly-small">{row.due_text}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
