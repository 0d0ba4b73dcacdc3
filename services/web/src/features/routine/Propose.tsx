import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { post } from "../../api/client";
import type { RoutineView, Rules, Simulation } from "../../api/model";
import { explain } from "../../api/problems";
import { t } from "../../i18n";
import { Alert, Button, Details, Field, SelectField, Textarea, useToast } from "../../ui";
import { numberWords, ownNumbers, withDeadline } from "./rules";

/** Change the rules, try them on the last year's cases, and propose them with a reason. */
export function Propose({ view, done }: { view: RoutineView; done: () => void }) {
  const queries = useQueryClient();
  const say = useToast();
  const [rules, setRules] = useState<Rules>(view.rules);
  const [reason, setReason] = useState("");
  const [missing, setMissing] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const simulate = useMutation({
    mutationFn: () => post<Simulation>("/routine/simulation", { body: { rules } }),
  });
  const propose = useMutation({
    mutationFn: () =>
      post<RoutineView>("/routine/proposals", { body: { rules, reason: reason.trim() }, key }),
    onSuccess: (next) => {
      queries.setQueryData(["read-routine"], next);
      say(t("routine.proposal_saved"));
      done();
    },
  });
  const error = propose.error ?? simulate.error;
  return (
    <form
      className="ly-card ly-stack routine-form"
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(!reason.trim());
        if (reason.trim()) propose.mutate();
      }}
    >
      <h2>{t("routine.propose")}</h2>
      <Fields view={view} rules={rules} change={setRules} />
      <div>
        <Button variant="secondary" busy={simulate.isPending} onClick={() => simulate.mutate()}>
          {t("routine.try")}
        </Button>
      </div>
      <div aria-live="polite">{simulate.data && <Outcome result={simulate.data} />}</div>
      <Textarea
        label={t("routine.reason")}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        error={missing && !reason.trim() ? t("routine.reason_needed") : undefined}
      />
      {error && (
        <Alert tone="danger" live>
          {explain(error)}
        </Alert>
      )}
      <div className="ly-row">
        <Button type="submit" busy={propose.isPending}>
          {t("routine.send")}
        </Button>
        <Button variant="tertiary" onClick={done}>
          {t("routine.cancel")}
        </Button>
      </div>
    </form>
  );
}

type FieldsProps = { view: RoutineView; rules: Rules; change: (rules: Rules) => void };

function Fields({ view, rules, change }: FieldsProps) {
  const decide = (more: Partial<Rules["decisions"]>) =>
    change({ ...rules, decisions: { ...rules.decisions, ...more } });
  return (
    <>
      <Field
        type="number"
        min={0}
        max={16}
        label={t("routine.consult_from")}
        hint={t("routine.consult_hint")}
        value={rules.decisions.consult_from_risk}
        onChange={(event) => decide({ consult_from_risk: Number(event.target.value) })}
      />
      <SelectField
        label={t("routine.own_number")}
        value={rules.decisions.own_number || "KOMPLICERADE"}
        onChange={(event) => decide({ own_number: event.target.value })}
        options={ownNumbers.map((value) => ({ value, label: numberWords(value) }))}
      />
      <fieldset className="routine-deadlines">
        <legend>{t("routine.deadlines")}</legend>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("routine.step")}</th>
              <th scope="col">{t("routine.time")}</th>
              <th scope="col">{t("routine.warn")}</th>
              <th scope="col">{t("routine.escalate")}</th>
            </tr>
          </thead>
          <tbody>
            {view.names.map(({ id, name }) => (
              <tr key={id}>
                <th scope="row">
                  {name}
                  <small className="ly-muted">{unitWord(rules.deadlines[id]?.unit)}</small>
                </th>
                {(["amount", "warn_before", "escalate_after"] as const).map((field) => (
                  <td key={field}>
                    <input
                      className="ds-input"
                      type="number"
                      min={0}
                      aria-label={`${name}: ${t(fieldWords[field])}`}
                      value={rules.deadlines[id]?.[field] ?? 0}
                      onChange={(event) => change(withDeadline(rules, id, field, event.target.value))}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </fieldset>
      <Textarea
        label={t("routine.acknowledgement")}
        hint={t("routine.acknowledgement_hint")}
        maxLength={2000}
        value={rules.acknowledgement}
        onChange={(event) => change({ ...rules, acknowledgement: event.target.value })}
      />
    </>
  );
}

const fieldWords = {
  amount: "routine.time",
  warn_before: "routine.warn",
  escalate_after: "routine.escalate",
} as const;

const unitWord = (unit: string | undefined) =>
  unit === "WORKING_DAY"
    ? t("routine.working_days")
    : unit === "HOUR"
      ? t("routine.hours")
      : t("routine.days");

function Outcome({ result }: { result: Simulation }) {
  return (
    <section className="routine-outcome" aria-label={t("routine.outcome")}>
      <p>
        <b>{result.sentence}</b>
      </p>
      {result.kinds.map((kind) => (
        <Details key={kind.kind} summary={`${kind.text}: ${kind.count}`}>
          <ul>
            {kind.cases.map((item) => (
              <li key={item.id}>
                <Link to={`/arenden/${item.id}`}>{item.number}</Link> {item.subject}
              </li>
            ))}
          </ul>
          {kind.count > kind.cases.length && (
            <p className="ly-muted">{t("routine.newest", { n: kind.cases.length })}</p>
          )}
        </Details>
      ))}
    </section>
  );
}
