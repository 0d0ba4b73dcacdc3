import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearchParams } from "react-router";
import { get } from "../../api/client";
import type { List, Measure } from "../../api/model";
import { useCodes } from "../../api/reference";
import { type Column, Empty, Failed, Page, Pager, Skeleton, Table, Tabs, Tag, useListKeys } from "../../ui";
import { DueText } from "../case/DueText";
import { measureStatus, measureTones } from "../case/MeasuresTab";

const views = [
  { value: "", label: "Mina", query: { mine: true } },
  { value: "forsenade", label: "Försenade", query: { overdue: true } },
  { value: "alla", label: "Alla", query: {} },
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
    <Page title="Åtgärder">
      <div className="ly-stack">
        <Tabs
          label="Vilka åtgärder"
          items={views.map((one) => ({
            to: one.value ? `?visa=${one.value}` : "?",
            label: one.label,
            current: one.value === view.value ? "page" : undefined,
          }))}
        />
        {list.isPending && <Skeleton />}
        {list.error && <Failed what="Åtgärderna" retry={() => void list.refetch()} />}
        {list.data && rows.length === 0 && (
          <section className="ly-card">
            <Empty
              icon="flag"
              title={view.value === "forsenade" ? "Inga försenade åtgärder" : "Inga åtgärder"}
            />
          </section>
        )}
        {rows.length > 0 && (
          <section className="ly-card ly-card-flush">
            <Rows rows={rows} />
            <Pager
              text={rows.length === 1 ? "Visar 1 åtgärd" : `Visar ${rows.length} åtgärder`}
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
      title: "Åtgärd",
      head: true,
      wide: true,
      cell: (row) => (
        <Link to={`/arenden/${row.case_id}/atgarder`} tabIndex={-1}>
          {row.title}
        </Link>
      ),
    },
    { id: "case", title: "Ärende", cell: (row) => row.case_subject ?? row.case_reference },
    { id: "unit", title: "Enhet", desk: true, cell: (row) => row.unit_name },
    {
      id: "strength",
      title: "Styrka",
      desk: true,
      cell: (row) => codes.label("measure_strength", row.strength),
    },
    { id: "owner", title: "Ansvarig", cell: (row) => row.owner?.name },
    {
      id: "status",
      title: "Status",
      cell: (row) => <Tag tone={measureTones[row.status] ?? "neutral"}>{measureStatus(row.status)}</Tag>,
    },
    {
      id: "due",
      title: "Klar senast",
      cell: (row) => <DueText on={row.due_on} text={row.due_text || null} late={row.late} stacked />,
    },
  ];
  return <Table caption="Åtgärder" columns={columns} rows={rows} rowKey={(row) => row.id} keys={keys} />;
}
