import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearchParams } from "react-router";
import { get } from "../../api/client";
import type { LexList, LexRow } from "../../api/model";
import { dateShort, t } from "../../i18n";
import { type Column, Empty, Failed, Page, Pager, Skeleton, Table, Tabs, Tag, useListKeys } from "../../ui";
import { DueText } from "../case/DueText";
import { degrees, labelOf, stepTone } from "./words";

/** The reports of misconduct that a person works with. */
export function LexInbox() {
  const [search] = useSearchParams();
  const done = search.get("visa") === "avslutade";
  const list = useInfiniteQuery({
    queryKey: ["list-lex", done],
    queryFn: ({ pageParam }) => get<LexList>("/lex/cases", { query: { done, cursor: pageParam } }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t("lexsarah.lex_sarah")} lead={t("lexsarah.rapporter_om_missforhallanden_och_risker")}>
      <div className="ly-stack">
        <Tabs
          label={t("lexsarah.visa")}
          items={[
            { to: "/lex-sarah", label: t("lexsarah.pagaende"), current: done ? undefined : "page" },
            {
              to: "/lex-sarah?visa=avslutade",
              label: t("lexsarah.avslutade"),
              current: done ? "page" : undefined,
            },
          ]}
        />
        {list.error && <Failed what={t("lexsarah.listan")} retry={() => void list.refetch()} />}
        {list.isPending && <Skeleton rows={6} />}
        {list.data && rows.length === 0 && (
          <section className="ly-card">
            <Empty
              icon="calm"
              title={done ? t("lexsarah.inga_avslutade") : t("lexsarah.inga_rapporter_vantar")}
            />
          </section>
        )}
        {rows.length > 0 && (
          <Rows
            rows={rows}
            more={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
            busy={list.isFetchingNextPage}
          />
        )}
      </div>
    </Page>
  );
}

function Rows({ rows, more, busy }: { rows: LexRow[]; more: (() => void) | undefined; busy: boolean }) {
  const navigate = useNavigate();
  const keys = useListKeys({
    count: rows.length,
    open: (index) => void navigate(`/lex-sarah/${rows[index]?.case_id}`),
  });
  const columns: Column<LexRow>[] = [
    {
      id: "subject",
      title: t("lexsarah.rapport_2"),
      head: true,
      wide: true,
      cell: (row) => (
        <>
          <Link to={`/lex-sarah/${row.case_id}`} tabIndex={-1}>
            {row.subject ?? t("lexsarah.rapport", { reference: row.reference })}
          </Link>
          <span className="lex-no ly-num">
            {[row.entry_no, row.own_dnr].filter(Boolean).join(" · ") || t("lexsarah.inte_registrerad_an")}
          </span>
        </>
      ),
    },
    { id: "unit", title: t("lexsarah.enhet"), cell: (row) => row.unit_name },
    { id: "held", title: t("lexsarah.kom_in"), desk: true, cell: (row) => dateShort(row.held_at) },
    {
      id: "investigator",
      title: t("lexsarah.utredare"),
      desk: true,
      cell: (row) => row.investigator_name ?? t("lexsarah.ingen_an"),
    },
    {
      id: "step",
      title: t("lexsarah.lage"),
      cell: (row) => (
        <span className="ly-tags">
          <Tag tone={stepTone(row.step)}>{row.step_text}</Tag>
          {row.degree && <Tag>{labelOf(degrees, row.degree)}</Tag>}
        </span>
      ),
    },
    {
      id: "due",
      title: t("lexsarah.senast"),
      cell: (row) => row.due_on && <DueText on={row.due_on} text={row.due_text} late={row.late} stacked />,
    },
  ];
  return (
    <section className="ly-card ly-card-flush">
      <Table
        caption={t("lexsarah.rapporter_enligt_lex_sarah")}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.case_id}
        keys={keys}
      />
      <Pager text={t("inbox.visar", { word: t("list.count", { n: rows.length }) })} more={more} busy={busy} />
    </section>
  );
}
