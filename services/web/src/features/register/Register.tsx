import { t } from "../../i18n";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";
import { get } from "../../api/client";
import type { EntryRow, List, PublicEntry, RegisterFile } from "../../api/model";
import { shortLaw } from "../../api/reference";
import { useSession } from "../../app/session";
import {
  type Column,
  Empty,
  Failed,
  Icon,
  Page,
  Pager,
  SelectField,
  Skeleton,
  Table,
  Tabs,
  Tag,
} from "../../ui";

const directions: Record<string, string> = {
  INKOMMEN: t("register.in"),
  UPPRATTAD: t("register.upprattad"),
  EXPEDIERAD: t("register.ut"),
};

/** The register: the internal view with everything the law asks for, and the view that anyone may see. */
export function Register() {
  const [params, setParams] = useSearchParams();
  const { may } = useSession();
  const open = params.get("vy") === "offentlig";
  const files = useQuery({
    queryKey: ["list-register-files"],
    queryFn: () => get<List<RegisterFile>>("/register/files"),
    enabled: may("register:list-files"),
  });
  const file = params.get("akt") ?? "";
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(params);
    if (value) next.set(name, value);
    else next.delete(name);
    setParams(next, { replace: true });
  };
  return (
    <Page title={t("register.diarium")} lead={open ? t("register.sa_har_ser_diariet_ut") : undefined}>
      <div className="ly-stack">
        {may("register:list-public") && (
          <Tabs
            label={t("register.vy")}
            items={[
              { to: "?", label: t("register.intern"), current: open ? undefined : "page" },
              { to: "?vy=offentlig", label: t("register.offentlig"), current: open ? "page" : undefined },
            ]}
          />
        )}
        {!open && (files.data?.items ?? []).length > 0 && (
          <div className="ly-narrow ly-noprint">
            <SelectField
              label={t("register.akt")}
              blank={t("register.alla")}
              options={(files.data?.items ?? []).map((one) => ({
                value: one.id,
                label: `${one.title} ${one.year}, ${one.dnr} (${one.entries})`,
              }))}
              value={file}
              onChange={(event) => set("akt", event.target.value)}
            />
          </div>
        )}
        {open ? <PublicView /> : <InternalView file={file} />}
      </div>
    </Page>
  );
}

function InternalView({ file }: { file: string }) {
  const list = useInfiniteQuery({
    queryKey: ["list-entries", file],
    queryFn: ({ pageParam }) =>
      get<List<EntryRow>>("/register/entries", { query: { file_id: file, cursor: pageParam } }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const columns: Column<EntryRow>[] = [
    {
      id: "no",
      title: t("register.nummer"),
      head: true,
      wide: true,
      cell: (row) => (
        <>
          <Link to={`/arenden/${row.case_id}`} className="ly-num">
            {row.entry_no}
          </Link>
          {row.own_dnr && row.own_dnr !== row.entry_no && (
            <span className="ly-muted ly-num"> · {row.own_dnr}</span>
          )}
        </>
      ),
    },
    {
      id: "on",
      title: t("register.datum"),
      cell: (row) => <time dateTime={row.entry_on}>{row.entry_on}</time>,
    },
    {
      id: "direction",
      title: t("register.riktning"),
      cell: (row) => directions[row.direction] ?? row.direction,
    },
    { id: "sender", title: t("register.fran"), desk: true, cell: (row) => row.sender },
    {
      id: "subject",
      title: t("register.amne"),
      wide: true,
      cell: (row) => (row.voided ? <s>{row.subject}</s> : row.subject),
    },
    {
      id: "secrecy",
      title: t("register.sekretess"),
      cell: (row) =>
        row.voided ? (
          <Tag>{t("register.makulerad")}</Tag>
        ) : (
          row.secrecy_law && (
            <Tag icon="lock" square>
              {shortLaw(row.secrecy_law)}
            </Tag>
          )
        ),
    },
  ];
  return (
    <Entries
      list={list}
      columns={columns}
      rowKey={(row) => row.id}
      caption={t("register.diariet_intern_vy")}
    />
  );
}

function PublicView() {
  const list = useInfiniteQuery({
    queryKey: ["list-public-entries"],
    queryFn: ({ pageParam }) => get<List<PublicEntry>>("/register/public", { query: { cursor: pageParam } }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const columns: Column<PublicEntry>[] = [
    {
      id: "no",
      title: t("register.nummer"),
      head: true,
      wide: true,
      cell: (row) => <span className="ly-num">{row.entry_no}</span>,
    },
    {
      id: "on",
      title: t("register.datum"),
      cell: (row) => <time dateTime={row.entry_on}>{row.entry_on}</time>,
    },
    {
      id: "direction",
      title: t("register.riktning"),
      cell: (row) => directions[row.direction] ?? row.direction,
    },
    {
      id: "sender",
      title: t("register.fran"),
      cell: (row) =>
        row.sender ?? (
          <span className="ly-muted">
            <Icon name="lock" /> {t("register.visas_inte")}
          </span>
        ),
    },
    { id: "subject", title: t("register.amne"), wide: true, cell: (row) => row.subject },
  ];
  return (
    <Entries
      list={list}
      columns={columns}
      rowKey={(row) => row.entry_no}
      caption={t("register.diariet_offentlig_vy")}
    />
  );
}

type EntriesProps<Row> = {
  list: {
    data?: { pages: List<Row>[] } | undefined;
    isPending: boolean;
    error: unknown;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    refetch: () => unknown;
    fetchNextPage: () => unknown;
  };
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  caption: string;
};

function Entries<Row>({ list, columns, rowKey, caption }: EntriesProps<Row>) {
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <Skeleton rows={8} />;
  if (list.error) return <Failed what={t("register.diariet")} retry={() => void list.refetch()} />;
  if (rows.length === 0) {
    return (
      <section className="ly-card">
        <Empty icon="book" title={t("register.inga_poster")} />
      </section>
    );
  }
  return (
    <section className="ly-card ly-card-flush">
      <Table caption={caption} columns={columns} rows={rows} rowKey={rowKey} />
      <Pager
        text={
          rows.length === 1 ? t("register.visar_1_post") : t("register.visar_poster", { length: rows.length })
        }
        more={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
        busy={list.isFetchingNextPage}
      />
    </section>
  );
}
