import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { get, post } from "../../api/client";
import type { Case, CaseRow, Queue } from "../../api/model";
import { useCodes } from "../../api/reference";
import { explain } from "../../api/problems";
import { dateTime, t } from "../../i18n";
import {
  Button,
  ButtonLink,
  Empty,
  Failed,
  Icon,
  Page,
  Skeleton,
  Tabs,
  Tag,
  useListKeys,
  useShortcuts,
  useToast,
} from "../../ui";
import { ReportCard } from "../case/Overview";
import { caseKey, refreshLists, useCase } from "../case/useCase";
import { RegisterForm } from "./RegisterForm";
import "./desk.css";

function useQueue(held: boolean) {
  return useInfiniteQuery({
    queryKey: ["register-queue", held],
    queryFn: ({ pageParam }) =>
      get<Queue>("/register/queue", { query: { held, limit: 100, cursor: pageParam } }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** The registrar's desk: queue, report and form side by side, all by keyboard. */
export function Desk() {
  const { id } = useParams();
  const [params] = useSearchParams();
  const held = params.get("visa") === "undanlagt";
  const navigate = useNavigate();
  const queries = useQueryClient();
  const queue = useQueue(held);
  const first = queue.data?.pages[0];
  // What has just come in stands on top, where it is seen; what is late says so wherever it stands.
  const rows = useMemo(() => queue.data?.pages.flatMap((page) => page.items) ?? [], [queue.data]);
  const at = id ? rows.findIndex((row) => row.id === id) : 0;
  const current = id ?? rows[0]?.id;
  const next = rows[(at + 1) % Math.max(1, rows.length)];
  const [last, setLast] = useState<Case>();

  // The next report is fetched ahead, so that the registrar never waits.
  useEffect(() => {
    if (!next || next.id === current) return;
    void queries.prefetchQuery({
      queryKey: caseKey(next.id),
      queryFn: () => get<Case>("/cases/{id}", { path: { id: next.id } }),
      staleTime: 60_000,
    });
  }, [next, current, queries]);

  const search = held ? "?visa=undanlagt" : "";
  const go = (to: string | undefined) =>
    void navigate(`/registrera${to && to !== current ? `/${to}` : ""}${search}`);
  const done = (after: Case) => {
    setLast(after);
    go(next?.id);
  };
  useShortcuts({ "Alt+ArrowDown": () => go(next?.id) });

  return (
    <Page
      title={t("desk.registrera")}
      lead={
        first &&
        t("desk.i_kon_registrerade_i_dag", {
          word: first.total === 1 ? "1 rapport" : `${first.total} rapporter`,
          registered_today: first.registered_today,
        })
      }
      aside={
        <ButtonLink to="/ta-emot" variant="secondary" icon="plus">
          {t("desk.ta_emot_brev_eller_samtal")}
        </ButtonLink>
      }
    >
      {first && (first.held > 0 || held) && (
        <Tabs
          label={t("desk.vad_som_visas")}
          items={[
            { to: "?", label: t("desk.i_kon"), count: first.total, current: held ? undefined : "page" },
            {
              to: "?visa=undanlagt",
              label: t("desk.undanlagt"),
              count: first.held,
              current: held ? "page" : undefined,
            },
          ]}
        />
      )}
      {last && <Undo key={`${last.id} ${last.version}`} last={last} onUndone={() => setLast(undefined)} />}
      {queue.isPending && <Skeleton rows={8} />}
      {queue.error && <Failed what={t("desk.kon")} retry={() => void queue.refetch()} />}
      {first && rows.length === 0 && !id && (
        <section className="ly-card">
          <Empty icon="check" title={held ? t("desk.inget_ar_undanlagt") : t("desk.kon_ar_tom")}>
            <p>
              {first.registered_today} {t("desk.registrerade_i_dag")}
            </p>
          </Empty>
        </section>
      )}
      {current && first && (
        <div className="desk">
          <QueueList
            rows={rows}
            current={current}
            search={search}
            onOpen={(row) => go(row.id)}
            more={queue.hasNextPage ? () => void queue.fetchNextPage() : undefined}
          />
          <Item key={current} id={current} onDone={done} onSkip={() => go(next?.id)} />
        </div>
      )}
    </Page>
  );
}

/** What was just done, and the way back from it while the server still allows it. */
function Undo({ last, onUndone }: { last: Case; onUndone: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const say = useToast();
  const undo = useMutation({
    mutationFn: () => post<Case>("/cases/{id}/undo", { path: { id: last.id }, version: last.version }),
    onSuccess: (back) => {
      queries.setQueryData(caseKey(back.id), back);
      refreshLists(queries, back.id);
      say(
        last.entry_no
          ? t("desk.angrat_ar_makulerat_och_anvands", { entry_no: last.entry_no })
          : t("desk.angrat"),
      );
      onUndone();
      void navigate(`/registrera/${back.id}`);
    },
  });
  useShortcuts({ "Alt+Z": () => !undo.isPending && undo.mutate() });
  const what = last.entry_no
    ? `${last.entry_no}: ${last.state_text.toLowerCase()}`
    : `${last.reference}: undanlagd`;
  return (
    <section className="desk-undo" aria-label={t("desk.senast_2")}>
      <span>
        {t("desk.senast")} {what}
      </span>
      <Button variant="tertiary" busy={undo.isPending} onClick={() => undo.mutate()} keys="Alt+Z">
        {t("desk.angra")}
      </Button>
      {undo.error && (
        <span role="alert" className="desk-undo-error">
          {explain(undo.error)}
        </span>
      )}
    </section>
  );
}

type QueueProps = {
  rows: CaseRow[];
  current: string;
  search: string;
  onOpen: (row: CaseRow) => void;
  more: (() => void) | undefined;
};

function QueueList({ rows, current, search, onOpen, more }: QueueProps) {
  const codes = useCodes();
  const open = (index: number) => {
    const row = rows[index];
    if (row) onOpen(row);
  };
  const keys = useListKeys({ count: rows.length, open, peek: open });
  return (
    <nav className="desk-queue" aria-label={t("desk.kon")}>
      <ol {...keys.list}>
        {rows.map((row, index) => {
          const { ref, ...focus } = keys.row(index);
          return (
            <li key={row.id}>
              <Link
                to={`/registrera/${row.id}${search}`}
                ref={ref}
                {...focus}
                aria-current={row.id === current ? "true" : undefined}
              >
                <span className="ly-row ly-between">
                  <b className="ly-num">{row.reference}</b>
                  {row.late && <Tag tone="danger">{row.due_text}</Tag>}
                </span>
                <span>{row.unit_name ?? t("desk.okand_enhet")}</span>
                <span className="ly-muted ly-small">
                  {codes.label("channel", row.channel)} · {dateTime(row.received_at)}
                </span>
                <span className="desk-flags">
                  {row.harm === "ALLVARLIG" && (
                    <Tag tone="danger" icon="alert">
                      {t("desk.allvarligt")}
                    </Tag>
                  )}
                </span>
              </Link>
            </li>
          );
        })}
      </ol>
      {more && (
        <Button variant="tertiary" onClick={more}>
          {t("action.more")}
        </Button>
      )}
    </nav>
  );
}

type ItemProps = { id: string; onDone: (done: Case) => void; onSkip: () => void };

function Item({ id, onDone, onSkip }: ItemProps) {
  const item = useCase(id);
  const [joinTo, setJoinTo] = useState<string>();
  if (item.isPending) return <Skeleton rows={8} />;
  if (item.error) return <Failed what={t("desk.rapporten")} retry={() => void item.refetch()} />;
  const register = (item.data.actions ?? []).find((action) => action.act === "register");
  return (
    <>
      <div className="desk-report ly-stack">
        <ReportCard item={item.data}>
          {item.data.held_until && (
            <Tag tone="warn">
              {t("desk.undanlagd_till")} {item.data.held_until}
            </Tag>
          )}
          <Duplicates item={item.data} onJoin={register?.allowed ? setJoinTo : undefined} />
        </ReportCard>
      </div>
      {register?.allowed ? (
        <RegisterForm
          item={item.data}
          onDone={onDone}
          onSkip={onSkip}
          joinTo={joinTo}
          onJoined={() => setJoinTo(undefined)}
        />
      ) : (
        <section className="ly-card ly-stack ly-stack-s">
          <h2>{item.data.state_text}</h2>
          <p>{register?.reason ?? t("desk.rapporten_ar_redan_registrerad")}</p>
          <ButtonLink to={`/arenden/${id}`} variant="secondary" icon="next">
            {t("desk.oppna_arendet")}
          </ButtonLink>
        </section>
      )}
    </>
  );
}

function Duplicates({ item, onJoin }: { item: Case; onJoin: ((number: string) => void) | undefined }) {
  const rows = item.registration_proposal?.possible_duplicates ?? [];
  if (rows.length === 0) return null;
  return (
    <section className="desk-twins">
      <h3>
        <Icon name="alert" /> {t("desk.kan_vara_samma_handelse")}
      </h3>
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <Link to={`/arenden/${row.id}`}>{row.entry_no ?? row.reference}</Link> {row.why}
            {onJoin && row.entry_no && (
              <>
                {" "}
                <Button
                  variant="tertiary"
                  aria-label={t("desk.for_rapporten_till", { entry_no: row.entry_no })}
                  onClick={() => onJoin(row.entry_no ?? "")}
                >
                  {t("desk.for_hit")}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
