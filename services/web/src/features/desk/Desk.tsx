import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { get } from "../../api/client";
import type { Case, CaseRow, Queue } from "../../api/model";
import { useCodes } from "../../api/reference";
import { dateTime, t } from "../../i18n";
import { ButtonLink, Empty, Failed, Icon, Page, Skeleton, Tag, useListKeys, useShortcuts } from "../../ui";
import { ReportCard } from "../case/Overview";
import { caseKey, useCase } from "../case/useCase";
import { RegisterForm } from "./RegisterForm";
import "./desk.css";

export function useQueue() {
  return useQuery({ queryKey: ["register-queue"], queryFn: () => get<Queue>("/register/queue") });
}

/** What has just come in stands on top, where it is seen; what is late says so wherever it stands. */
const newestFirst = (rows: readonly CaseRow[]) =>
  [...rows].sort((a, b) => b.received_at.localeCompare(a.received_at));

/** The registrar's desk: queue, report and form side by side, all by keyboard. */
export function Desk() {
  const { id } = useParams();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const queue = useQueue();
  const rows = useMemo(() => newestFirst(queue.data?.items ?? []), [queue.data]);
  const at = id ? rows.findIndex((row) => row.id === id) : 0;
  const current = id ?? rows[0]?.id;
  const next = rows[(at + 1) % Math.max(1, rows.length)];

  // The next report is fetched ahead, so that the registrar never waits.
  useEffect(() => {
    if (!next || next.id === current) return;
    void queries.prefetchQuery({
      queryKey: caseKey(next.id),
      queryFn: () => get<Case>("/cases/{id}", { path: { id: next.id } }),
      staleTime: 60_000,
    });
  }, [next, current, queries]);

  const go = (to: string | undefined) =>
    void navigate(to && to !== current ? `/registrera/${to}` : "/registrera");
  useShortcuts({ "Alt+ArrowDown": () => go(next?.id) });
  const total = queue.data?.total ?? 0;

  return (
    <Page
      title={t("desk.registrera")}
      lead={
        queue.data &&
        t("desk.i_kon_registrerade_i_dag", {
          word: total === 1 ? "1 rapport" : `${total} rapporter`,
          registered_today: queue.data.registered_today,
        })
      }
      aside={
        <ButtonLink to="/ta-emot" variant="secondary" icon="plus">
          {t("desk.ta_emot_brev_eller_samtal")}
        </ButtonLink>
      }
    >
      {queue.isPending && <Skeleton rows={8} />}
      {queue.error && <Failed what={t("desk.kon")} retry={() => void queue.refetch()} />}
      {queue.data && rows.length === 0 && !id && (
        <section className="ly-card">
          <Empty icon="check" title={t("desk.kon_ar_tom")}>
            <p>
              {queue.data.registered_today} {t("desk.registrerade_i_dag")}
            </p>
          </Empty>
        </section>
      )}
      {current && queue.data && (
        <div className="desk">
          <QueueList rows={rows} current={current} onOpen={(row) => go(row.id)} />
          <Item key={current} id={current} onNext={() => go(next?.id)} />
        </div>
      )}
    </Page>
  );
}

type QueueProps = { rows: CaseRow[]; current: string; onOpen: (row: CaseRow) => void };

function QueueList({ rows, current, onOpen }: QueueProps) {
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
                to={`/registrera/${row.id}`}
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
    </nav>
  );
}

function Item({ id, onNext }: { id: string; onNext: () => void }) {
  const item = useCase(id);
  if (item.isPending) return <Skeleton rows={8} />;
  if (item.error) return <Failed what={t("desk.rapporten")} retry={() => void item.refetch()} />;
  const register = (item.data.actions ?? []).find((action) => action.act === "register");
  return (
    <>
      <div className="desk-report ly-stack">
        <ReportCard item={item.data}>
          <Duplicates item={item.data} />
        </ReportCard>
      </div>
      {register?.allowed ? (
        <RegisterForm item={item.data} onDone={onNext} />
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

function Duplicates({ item }: { item: Case }) {
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
          </li>
        ))}
      </ul>
    </section>
  );
}
