import { t } from "../../i18n";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearchParams } from "react-router";
import { get } from "../../api/client";
import type { List, Measure } from "../../api/model";
import { useCodes } from "../../api/reference";
import { type Column, Empty, Failed, Page, Pager, Skeleton, Table, Tabs, Tag, useListKeys } from "../../ui";
import { DueText } from "../case/DueText";
import { measureStatus, measureTones } from "../case/MeasuresTab";

const views = [
  { value: "", label: t("measures.mina"), query: { mine: true } },
  { value: "forsenade", label: t("measures.forsenade"), query: { overdue: true } },
  { value: "alla", label: t("measures.alla"), query: {} },
];

/** Measures over all cases a person may see. */
export function MeasureList() {
  const [params] = useSearchParams();
  const view = views.find((one) => one.value === (params.get("visa") ?? "")) ?? {
    value: "",
    query: { mine: true },
  };
  const list = useInfiniteQuery({
    queryKey: ["list-measures", view.value],
    queryFn: ({ pageParam }) =>
      get<List<Measure>>("/measures", { query: { ...view.query, cursor: pageParam } }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t("measures.atgarder")}>
      <div className="ly-stack">
        <Tabs
          label={t("measures.vilka_atgarder")}
          items={views.map((one) => ({
            to: one.value ? `?visa=${one.value}` : "?",
            label: one.label,
            current: one.value === view.value ? "page" : undefined,
          }))}
        />
        {list.isPending && <Skeleton />}
        {list.error && <Failed what={t("measures.atgarderna")} retry={() => void list.refetch()} />}
        {list.data && rows.length === 0 && (
          <section className="ly-card">
            <Empty
              icon="flag"
              title={
                view.value === "forsenade"
                  ? t("measures.inga_forsenade_atgarder")
                  : t("measures.inga_atgarder")
              }
            />
          </section>
        )}
        {rows.length > 0 && (
          <section className="ly-card ly-card-flush">
            <Rows rows={rows} />
            <Pager
              text={
                rows.length === 1
                  ? t("measures.visar_1_atgard")
                  : t("measures.visar_atgarder", { length: rows.length })
              }
              more={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
              busy={list.isFetchingNextPage}
            />
          </section>
        )}
      </div>
    </Page>
  );
}

function Rows({ rows }: { rows: Measure[] }) {
  const codes = useCodes();
  const navigate = useNavigate();
  const keys = useListKeys({
    count: rows.length,
    open: (index) => void navigate(`/arenden/${rows[index]?.case_id}/atgarder`),
  });
  const columns: Column<Measure>[] = [
    {
      id: "title",
      title: t("measures.atgard"),
      head: true,
      wide: true,
      cell: (row) => (
        <Link to={`/arenden/${row.case_id}/atgarder`} tabIndex={-1}>
          {row.title}
        </Link>
      ),
    },
    { id: "case", title: t("measures.arende"), cell: (row) => row.case_subject ?? row.case_reference },
    { id: "unit", title: t("measures.enhet"), desk: true, cell: (row) => row.unit_name },
    {
      id: "strength",
      title: t("measures.styrka"),
      desk: true,
      cell: (row) => codes.label("measure_strength", row.strength),
    },
    { id: "owner", title: t("measures.ansvarig"), cell: (row) => row.owner?.name },
    {
      id: "status",
      title: t("measures.status"),
      cell: (row) => <Tag tone={measureTones[row.status] ?? "neutral"}>{measureStatus(row.status)}</Tag>,
    },
    {
      id: "due",
      title: t("measures.klar_senast"),
      cell: (row) => <DueText on={row.due_on} text={row.due_text || null} late={row.late} stacked />,
    },
  ];
  return (
    <Table
      caption={t("measures.atgarder")}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      keys={keys}
    />
  );
}
