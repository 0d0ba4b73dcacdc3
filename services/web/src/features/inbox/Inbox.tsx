import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { get } from "../../api/client";
import type { CaseList, CaseRow } from "../../api/model";
import { useCodes, useUnits } from "../../api/reference";
import { t } from "../../i18n";
import {
  Button,
  Check,
  type Column,
  Details,
  Empty,
  Failed,
  Page,
  Pager,
  SelectField,
  Skeleton,
  Table,
  Tabs,
  Tag,
  useListKeys,
} from "../../ui";
import { DueText } from "../case/DueText";
import { caseNumbers, caseTitle, stateTone } from "../case/words";
import { groups, useFilters } from "./filters";
import { Peek } from "./Peek";
import "./inbox.css";

type Props = { title: string; lead?: string; start?: string; empty?: string };

/** The cases a person may see, those in a hurry first. */
export function Inbox({ title, lead, start = "NYA", empty = t("inbox.inget_att_gora_har_nu") }: Props) {
  const filter = useFilters(start);
  const { filters } = filter;
  const list = useInfiniteQuery({
    queryKey: ["list-cases", filters],
    queryFn: ({ pageParam }) => get<CaseList>("/cases", { query: { ...filters, cursor: pageParam } }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const first = list.data?.pages[0];
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={title} lead={lead}>
      <div className="inbox">
        <FilterPanel filter={filter} late={first?.counts.late} />
        <div className="ly-stack">
          <Tabs
            label={t("inbox.status")}
            items={groups.map((group) => ({
              to: filter.to(group.value),
              label: group.label,
              count: first?.counts[group.value],
              current: filters.group === group.value ? "page" : undefined,
            }))}
          />
          {list.error && <Failed what={t("inbox.listan")} retry={() => void list.refetch()} />}
          {list.isPending && <Skeleton rows={8} />}
          {first && rows.length === 0 && (
            <section className="ly-card">
              {filter.chosen > 0 ? (
                <Empty icon="filter" title={t("inbox.inga_arenden_matchar")}>
                  <Button variant="secondary" onClick={filter.clear}>
                    {t("action.clear_filter")}
                  </Button>
                </Empty>
              ) : (
                <Empty icon="inbox" title={empty.split(". ")[0] ?? empty}>
                  <p>{empty.split(". ").slice(1).join(". ")}</p>
                </Empty>
              )}
            </section>
          )}
          {first && rows.length > 0 && (
            <Rows
              rows={rows}
              total={first.total}
              more={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
              busy={list.isFetchingNextPage}
            />
          )}
        </div>
      </div>
    </Page>
  );
}

type RowsProps = { rows: CaseRow[]; total: number | null; more: (() => void) | undefined; busy: boolean };

function Rows({ rows, total, more, busy }: RowsProps) {
  const codes = useCodes();
  const navigate = useNavigate();
  const [peeked, setPeeked] = useState<string>();
  const keys = useListKeys({
    count: rows.length,
    open: (index) => void navigate(`/arenden/${rows[index]?.id}`),
    peek: (index) => setPeeked((now) => (now === rows[index]?.id ? undefined : rows[index]?.id)),
  });
  const columns: Column<CaseRow>[] = [
    {
      id: "subject",
      title: t("inbox.arende"),
      head: true,
      wide: true,
      cell: (row) => (
        <>
          <Link to={`/arenden/${row.id}`} tabIndex={-1}>
            {caseTitle(row)}
          </Link>
          <span className="inbox-no ly-num">{caseNumbers(row)}</span>
        </>
      ),
    },
    { id: "type", title: t("inbox.typ"), cell: (row) => codes.label("case_type", row.case_type) },
    { id: "unit", title: t("inbox.enhet"), cell: (row) => row.unit_name },
    {
      id: "handler",
      title: t("inbox.handlaggare"),
      desk: true,
      cell: (row) => row.handler_name ?? t("inbox.ingen_an"),
    },
    {
      id: "state",
      title: t("inbox.status"),
      cell: (row) => (
        <span className="ly-tags">
          <Tag tone={stateTone(row.state)}>{row.state_text}</Tag>
          {row.harm === "ALLVARLIG" && (
            <Tag tone="danger" icon="alert">
              {t("inbox.allvarligt")}
            </Tag>
          )}
        </span>
      ),
    },
    {
      id: "due",
      title: t("inbox.senast"),
      cell: (row) => row.due_on && <DueText on={row.due_on} text={row.due_text} late={row.late} stacked />,
    },
  ];
  return (
    <div className="inbox-rows" data-peek={peeked ? "" : undefined}>
      <section className="ly-card ly-card-flush">
        <Table
          caption={t("inbox.arenden")}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          keys={keys}
          current={peeked}
        />
        <Pager
          text={
            total === null
              ? t("inbox.visar", { word: t("list.count", { n: rows.length }) })
              : t("inbox.visar_av", { length: rows.length, word: t("list.count", { n: total }) })
          }
          more={more}
          busy={busy}
        />
      </section>
      {peeked && <Peek id={peeked} onClose={() => setPeeked(undefined)} />}
    </div>
  );
}

function FilterPanel({ filter, late }: { filter: ReturnType<typeof useFilters>; late: number | undefined }) {
  return (
    <>
      <aside className="inbox-filter" aria-label={t("inbox.filter")}>
        <FilterFields filter={filter} late={late} />
      </aside>
      <div className="inbox-filter-phone">
        <Details
          summary={filter.chosen > 0 ? t("inbox.filter_2", { chosen: filter.chosen }) : t("inbox.filter")}
        >
          <FilterFields filter={filter} late={late} />
        </Details>
      </div>
    </>
  );
}

function FilterFields({ filter, late }: { filter: ReturnType<typeof useFilters>; late: number | undefined }) {
  const codes = useCodes();
  const units = useUnits();
  const { filters, set } = filter;
  const seen = new Set(units.items.filter((unit) => unit.in_sight).map((unit) => unit.id));
  const options = seen.size > 0 ? units.options.filter((option) => seen.has(option.value)) : units.options;
  return (
    <div className="ly-stack">
      <SelectField
        label={t("inbox.enhet")}
        blank={t("inbox.alla")}
        options={options}
        value={filters.unit_id}
        onChange={(event) => set("unit_id", event.target.value)}
      />
      <SelectField
        label={t("inbox.typ")}
        blank={t("inbox.alla")}
        options={codes.options("case_type")}
        value={filters.case_type}
        onChange={(event) => set("case_type", event.target.value)}
      />
      <SelectField
        label={t("inbox.kategori")}
        blank={t("inbox.alla")}
        options={codes.categories}
        value={filters.category}
        onChange={(event) => set("category", event.target.value)}
      />
      <Check
        label={late ? t("inbox.bara_forsenade_2", { late }) : t("inbox.bara_forsenade")}
        checked={filters.late === "true"}
        onChange={(event) => set("late", event.target.checked ? "true" : "")}
      />
      {filter.chosen > 0 && (
        <Button variant="secondary" onClick={filter.clear}>
          {t("action.clear_filter")}
        </Button>
      )}
    </div>
  );
}
