import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post } from "../../api/client";
import type { List, LogSample } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import { dateTime, t } from "../../i18n";
import { Alert, Button, Empty, Failed, Pager, Radios, Skeleton, Tag, Textarea, useToast } from "../../ui";

const decisions = [
  { value: "OK", label: t("audit.ok") },
  { value: "FOLJ_UPP", label: t("audit.folj_upp") },
  { value: "INCIDENT", label: t("audit.incident") },
];
const decisionWord = (value: string) => decisions.find((one) => one.value === value)?.label ?? value;

export function Samples() {
  const [decided, setDecided] = useState(false);
  const queries = useQueryClient();
  const say = useToast();
  const list = useInfiniteQuery({
    queryKey: ["log-samples", decided],
    queryFn: ({ pageParam }) =>
      get<List<LogSample>>("/log/samples", { query: { decided, cursor: pageParam } }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const draw = useMutation({
    mutationFn: () => post<undefined>("/log/samples"),
    onSuccess: () => {
      say(t("audit.dras_nu"));
      window.setTimeout(() => void queries.invalidateQueries({ queryKey: ["log-samples"] }), 3000);
    },
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="ly-stack">
      <div className="ly-row ly-noprint">
        <Button variant="secondary" onClick={() => setDecided(!decided)}>
          {decided ? t("audit.visa_obedomda") : t("audit.visa_bedomda")}
        </Button>
        <Button busy={draw.isPending} onClick={() => draw.mutate()}>
          {t("audit.dra_nu")}
        </Button>
      </div>
      {draw.error && <Alert tone="danger">{explain(draw.error)}</Alert>}
      {list.isPending && <Skeleton />}
      {list.error && <Failed what={t("audit.stickprov")} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <section className="ly-card">
          <Empty title={decided ? t("audit.inga_bedomda") : t("audit.inga_stickprov")} />
        </section>
      )}
      {rows.map((row) => (
        <SampleCard key={row.id} row={row} />
      ))}
      {rows.length > 0 && (
        <Pager
          text={t("audit.visar_stickprov", { length: rows.length })}
          more={list.hasNextPage ? () => void list.fetchNextPage() : undefined}
          busy={list.isFetchingNextPage}
        />
      )}
    </div>
  );
}

function SampleCard({ row }: { row: LogSample }) {
  return (
    <article className="ly-card ly-stack">
      <div>
        <h2>{row.actor_name ?? t("audit.jobb")}</h2>
        <p className="ly-muted">
          {row.actor_title && `${row.actor_title} · `}
          <time dateTime={row.at}>{dateTime(row.at)}</time>
        </p>
        <p>
          {row.text}
          {row.number && <span className="ly-num"> {row.number}</span>}
        </p>
        <Tag>{row.rule_text}</Tag>
      </div>
      {row.decision ? (
        <p>
          <b>{decisionWord(row.decision)}</b>
          {row.decided_by && ` · ${row.decided_by}`}
          {row.decided_at && ` · ${dateTime(row.decided_at)}`}
          {row.note && <span className="ly-pre"> {row.note}</span>}
        </p>
      ) : (
        <Decide row={row} />
      )}
    </article>
  );
}

function Decide({ row }: { row: LogSample }) {
  const [decision, setDecision] = useState("");
  const [note, setNote] = useState("");
  const [missing, setMissing] = useState<string>();
  const queries = useQueryClient();
  const say = useToast();
  const decide = useMutation({
    mutationFn: () =>
      post<undefined>("/log/samples/{id}/decision", {
        path: { id: row.id },
        body: { decision, note: note.trim() },
      }),
    onSuccess: () => {
      say(t("audit.bedomt"));
      void queries.invalidateQueries({ queryKey: ["log-samples"] });
      void queries.invalidateQueries({ queryKey: ["log-state"] });
    },
  });
  const errors = decide.error ? fieldErrors(decide.error) : {};
  return (
    <form
      className="ly-stack ly-noprint"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(decision ? undefined : t("audit.valj_bedomning"));
        if (decision) decide.mutate();
      }}
    >
      {decide.error && <Alert tone="danger">{explain(decide.error)}</Alert>}
      <Radios
        label={t("audit.bedomning")}
        name={`decision-${row.id}`}
        value={decision}
        onChange={setDecision}
        options={decisions}
        error={missing}
      />
      <Textarea
        label={t("audit.anteckning")}
        hint={t("audit.anteckning_hint")}
        optional={decision === "OK" || decision === ""}
        value={note}
        maxLength={4000}
        rows={2}
        error={errors["note"]}
        onChange={(event) => setNote(event.target.value)}
      />
      <div>
        <Button type="submit" busy={decide.isPending}>
          {t("audit.spara_bedomning")}
        </Button>
      </div>
    </form>
  );
}
