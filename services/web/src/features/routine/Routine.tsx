import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post } from "../../api/client";
import type { RoutineVersion, RoutineView } from "../../api/model";
import { explain } from "../../api/problems";
import { useSession } from "../../app/session";
import { dateLong, t } from "../../i18n";
import { Alert, Button, Facts, Failed, Field, Page, Skeleton, Tag, useToast } from "../../ui";
import { Propose } from "./Propose";
import { consultWords, numberWords } from "./rules";
import "./routine.css";

/** The routine as it is set, who changed what and why, and the way to change it. */
export function Routine() {
  const { may } = useSession();
  const view = useQuery({ queryKey: ["read-routine"], queryFn: () => get<RoutineView>("/routine") });
  const [changing, setChanging] = useState(false);
  return (
    <Page
      title={t("routine.title")}
      lead={t("routine.lead")}
      aside={
        may("routine:propose") &&
        !changing && <Button onClick={() => setChanging(true)}>{t("routine.propose")}</Button>
      }
    >
      {view.isPending && <Skeleton />}
      {view.error && <Failed what={t("routine.title")} retry={() => void view.refetch()} />}
      {view.data && changing && <Propose view={view.data} done={() => setChanging(false)} />}
      {view.data && !changing && <Now view={view.data} />}
      {view.data && <Versions rows={view.data.versions} />}
    </Page>
  );
}

function Now({ view }: { view: RoutineView }) {
  const { decisions, thresholds } = view.rules;
  return (
    <section className="ly-card routine-now">
      <h2>{view.no > 0 ? t("routine.now_no", { no: view.no }) : t("routine.now")}</h2>
      <Facts
        rows={[
          { word: t("routine.consult"), value: consultWords(decisions.consult_from_risk) },
          { word: t("routine.own_number"), value: numberWords(decisions.own_number) },
          { word: t("routine.mas"), value: t("routine.from_risk", { risk: thresholds.mas.risk }) },
          {
            word: t("routine.lex"),
            value: t("routine.from_risk_severity", {
              risk: thresholds.lex_investigator.risk,
              severity: thresholds.lex_investigator.severity,
            }),
          },
        ]}
      />
      <h3>{t("routine.deadlines")}</h3>
      <Facts list rows={view.names.map((rule) => ({ word: rule.name, value: rule.words }))} />
      <h3>{t("routine.acknowledgement")}</h3>
      <blockquote className="ly-quote">{view.rules.acknowledgement}</blockquote>
    </section>
  );
}

function Versions({ rows }: { rows: RoutineVersion[] }) {
  return (
    <section className="ly-card">
      <h2>{t("routine.versions")}</h2>
      {rows.length === 0 && <p className="ly-muted">{t("routine.no_versions")}</p>}
      <ol className="routine-versions">
        {rows.map((row) => (
          <li key={row.id}>
            <Version row={row} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Version({ row }: { row: RoutineVersion }) {
  const { may } = useSession();
  return (
    <article className="ly-stack">
      <div className="ly-row ly-between">
        <h3>{t("routine.version", { no: row.no })}</h3>
        {row.decision === "PA" && row.valid_from && (
          <Tag tone="ok">{t("routine.on_from", { date: dateLong(row.valid_from) })}</Tag>
        )}
        {row.decision === "AVSLAGEN" && <Tag>{t("routine.turned_down")}</Tag>}
        {!row.decision && <Tag tone="warn">{t("routine.waiting")}</Tag>}
      </div>
      <ul>
        {row.changes.map((change) => (
          <li key={change}>{change}</li>
        ))}
      </ul>
      <p>{row.reason}</p>
      <p className="ly-muted ly-small">
        {t("routine.proposed", { who: row.proposed_by, date: dateLong(row.proposed_at) })}
        {row.decided_by && row.decided_at && (
          <> · {t("routine.decided", { who: row.decided_by, date: dateLong(row.decided_at) })}</>
        )}
      </p>
      {!row.decision && may("routine:decide") && <Decide row={row} />}
    </article>
  );
}

function Decide({ row }: { row: RoutineVersion }) {
  const queries = useQueryClient();
  const say = useToast();
  const [from, setFrom] = useState("");
  const [missing, setMissing] = useState(false);
  const decide = useMutation({
    mutationFn: (decision: "PA" | "AVSLAGEN") =>
      post<RoutineView>("/routine/proposals/{id}/decision", {
        path: { id: row.id },
        body: decision === "PA" ? { decision, valid_from: from } : { decision },
      }),
    onSuccess: (view) => {
      queries.setQueryData(["read-routine"], view);
      say(t("routine.decision_saved"));
    },
  });
  if (row.mine) return <p className="ly-muted">{t("routine.own_proposal")}</p>;
  return (
    <form
      className="ly-stack"
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(!from);
        if (from) decide.mutate("PA");
      }}
    >
      <Field
        type="date"
        label={t("routine.from")}
        hint={t("routine.from_hint")}
        value={from}
        onChange={(event) => setFrom(event.target.value)}
        error={missing && !from ? t("routine.from_needed") : undefined}
      />
      {decide.error && (
        <Alert tone="danger" live>
          {explain(decide.error)}
        </Alert>
      )}
      <div className="ly-row">
        <Button type="submit" busy={decide.isPending}>
          {t("routine.switch_on")}
        </Button>
        <Button variant="secondary" onClick={() => decide.mutate("AVSLAGEN")}>
          {t("routine.turn_down")}
        </Button>
      </div>
    </form>
  );
}
