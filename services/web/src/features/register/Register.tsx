import { t } from "../../i18n";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { get } from "../../api/client";
import type { EntryRow, List, PublicEntry, RegisterFile } from "../../api/model";
import { shortLaw } from "../../api/reference";
import { useSession } from "../../app/session";
import { readSearch, RegisterSearch, type SearchQuery } from "./RegisterSearch";
import "./register.css";
import { Button, type Column, Empty, Failed, Icon, Page, Pager, Skeleton, Table, Tabs, Tag } from "../../ui";

const directions: Record<string, string> = {
  INKOMMEN: t("register.in"),
  UPPRATTAD: t("register.upprattad"),
  EXPEDIERAD: t("register.ut"),
};

/** The register: the internal view with everything the law asks for, and the view that anyone may see. */
export function Register() {
  const [params] = useSearchParams();
  const { may } = useSession();
  const open = params.get("vy") === "offentlig";
  const files = useQuery({
    queryKey: ["list-register-files"],
    queryFn: () => get<List<RegisterFile>>("/register/files", { query: { limit: 200 } }),
    enabled: may("register:list-files"),
  });
  const query = readSearch(params, open);
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
        <RegisterSearch open={open} files={files.data?.items ?? []} />
        {open ? <PublicView query={query} /> : <InternalView query={query} />}
      </div>
    </Page>
  );
}

function InternalView({ query }: { query: SearchQuery }) {
  const list = useInfiniteQuery({
    queryKey: ["list-entries", query],
    queryFn: ({ pageParam }) =>
      get<List<EntryRow>>("/register/entries", { query: { ...query, limit: 200, cursor: pageParam } }),
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
          {row.external_dnr && <span className="ly-muted ly-num"> · {row.external_dnr}</span>}{" "}
          <Link to={`/diarium/utdrag/${row.case_id}`} className="ly-small ly-noprint">
            {t("register.utdrag")}
          </Link>
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

function PublicView({ query }: { query: SearchQuery }) {
  const list = useInfiniteQuery({
    queryKey: ["list-public-entries", query],
    queryFn: ({ pageParam }) =>
      get<List<PublicEntry>>("/register/public", { query: { ...query, limit: 200, cursor: pageParam } }),
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
      <PrintAll list={list} />
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

/** Paper takes the whole search, not only what has been looked at: everything is fetched, then the browser prints. */
function PrintAll<Row>({ list }: { list: EntriesProps<Row>["list"] }) {
  const [printing, setPrinting] = useState(false);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (!printing || isFetchingNextPage) return;
    if (hasNextPage) {
      void fetchNextPage();
      return;
    }
    setPrinting(false);
    window.print();
  }, [printing, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <div className="register-print ly-noprint">
      <Button variant="tertiary" busy={printing} onClick={() => setPrinting(true)}>
        {t("register.skriv_ut_hela_listan")}
      </Button>
    </div>
  );
}
