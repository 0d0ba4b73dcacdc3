import { useState } from "react";
import { useParams } from "react-router";
import type { Action, LexTrack } from "../../api/model";
import { ApiError, explain } from "../../api/problems";
import { dateLong, dateTime, t } from "../../i18n";
import {
  Alert,
  Button,
  Details,
  Facts,
  Failed,
  NextStep,
  Page,
  Skeleton,
  Steps,
  Tag,
  Timeline,
  useShortcuts,
  useToast,
} from "../../ui";
import { DueText } from "../case/DueText";
import { Investigation } from "./Investigation";
import { LexDialog } from "./LexDialog";
import { moves } from "./moves";
import { useLexMove, useTrack } from "./useLex";
import { assessments, degrees, ivoKinds, labelOf, stepTexts, stepTone, waitingTexts, wayOf } from "./words";
import "./lex.css";

export function LexPage() {
  const { id = "" } = useParams();
  const track = useTrack(id);
  if (track.data) return <Loaded item={track.data} stale={track.isError} />;
  if (track.error instanceof ApiError && track.error.notFound) {
    return (
      <Page title={t("error.not_found_title")} narrow>
        <p>{t("error.not_found")}</p>
      </Page>
    );
  }
  return (
    <Page title="Lex Sarah">
      {track.error ? <Failed what="Ärendet" retry={() => void track.refetch()} /> : <Skeleton rows={8} />}
    </Page>
  );
}

function Loaded({ item, stale }: { item: LexTrack; stale: boolean }) {
  return (
    <Page
      title={item.subject ?? `Rapport ${item.reference}`}
      lead={
        <span className="lex-meta">
          <b className="ly-num">
            {[item.entry_no, item.own_dnr].filter(Boolean).join(" · ") || item.reference}
          </b>
          <span>Lex Sarah</span>
          {item.unit_name && <span>{item.unit_name}</span>}
        </span>
      }
      aside={
        <>
          <Tag tone={stepTone(item.step)}>{item.step_text}</Tag>
          {item.degree && <Tag tone={item.serious ? "danger" : "warn"}>{labelOf(degrees, item.degree)}</Tag>}
          <Tag icon="lock" square>
            Bara lex Sarah
          </Tag>
        </>
      }
    >
      {stale && <Failed what="Det senaste" />}
      <Steps label="Vägen för lex Sarah" steps={wayOf(item.step, item.serious || Boolean(item.ivo_on))} />
      <div className="lex">
        <div className="lex-next ly-stack ly-stack-s">
          <Next item={item} />
        </div>
        <div className="lex-main ly-stack">
          <Report item={item} />
          <SoFar item={item} />
          {item.assessment && item.assessment !== "INTE_LEX" && <Investigation item={item} />}
          <Judgement item={item} />
          <IVO item={item} />
          <Log item={item} />
        </div>
        <Side item={item} />
      </div>
    </Page>
  );
}

/** Acts that are done inside the investigation. */
const inPage = new Set(["add-lex-entry", "save-lex-facts"]);

function Next({ item }: { item: LexTrack }) {
  const [open, setOpen] = useState<Action>();
  const say = useToast();
  const move = useLexMove(item);
  const actions = item.actions.filter((action) => !inPage.has(action.act));
  const allowed = actions.filter((action) => action.allowed);
  const primary = allowed.find((action) => action.primary);
  const others = allowed.filter((action) => action !== primary);
  const refused = actions.filter((action) => !action.allowed && action.reason);
  const spec = open ? moves[open.act] : undefined;

  const run = (action: Action) => {
    const chosen = moves[action.act];
    if (!chosen) return;
    if (chosen.asks(item).length > 0) return setOpen(action);
    move.mutate(
      { template: chosen.template },
      {
        onSuccess: () => say(t("case.klart", { label: action.label })),
        onError: (error) => say(explain(error), { danger: true }),
      },
    );
  };
  useShortcuts({ "Control+Enter": primary && !open ? () => run(primary) : undefined });

  return (
    <>
      <NextStep
        title={primary?.label ?? item.step_text}
        text={primary ? stepTexts[primary.act] : waitingTexts[item.step]}
        waiting={!primary}
        refused={refused.map((action) => ({ name: action.label, why: action.reason ?? "" }))}
      >
        {primary && (
          <Button onClick={() => run(primary)} busy={move.isPending} keys="Control+Enter">
            {primary.label}
          </Button>
        )}
        {others.map((action) => (
          <Button key={action.act} variant="secondary" onClick={() => run(action)}>
            {action.label}
          </Button>
        ))}
      </NextStep>
      {item.step === "investigating" && item.missing.length > 0 && (
        <Details summary={`Saknas innan utredningen är klar: ${item.missing.length}`} open>
          <ul className="lex-missing">
            {item.missing.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </Details>
      )}
      {open && spec && (
        <LexDialog
          spec={spec}
          item={item}
          done={t("case.klart", { label: open.label })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

function Report({ item }: { item: LexTrack }) {
  const { report } = item;
  return (
    <section className="ly-card ly-stack">
      <div className="ly-row ly-between">
        <h2>Rapporten</h2>
        <span className="ly-muted ly-small">{dateTime(item.case_received_at)}</span>
      </div>
      <blockquote className="ly-quote" dir="auto">
        {report.narrative}
      </blockquote>
      <Facts
        rows={[
          report.place && { word: "Var", value: report.place },
          report.direct_measure && { word: "Gjort direkt", value: report.direct_measure },
          report.people && { word: "Inblandade", value: report.people },
          { word: "Rapporterad av", value: item.reporter_name ?? item.sender_role },
          { word: "Till lex Sarah", value: `${dateTime(item.held_at)}${item.held_by_name ? `, ${item.held_by_name}` : ""}` },
          { word: "Varför", value: item.reason },
        ]}
      />
    </section>
  );
}

/** What the receipt, the measures taken at once and the first assessment say, once they say something. */
function SoFar({ item }: { item: LexTrack }) {
  if (!item.received_at) return null;
  return (
    <section className="ly-card ly-stack">
      <h2>Mottagning och första bedömning</h2>
      <Facts
        list
        rows={[
          { word: "Mottagen", value: `${dateTime(item.received_at)}, ${item.received_by_name ?? ""}` },
          { word: "Vad den gäller", value: item.what },
          item.happened_on && { word: "När det hände", value: dateLong(item.happened_on) },
          item.immediate && { word: "Gjort direkt", value: item.immediate },
          item.assessment && { word: "Första bedömning", value: labelOf(assessments, item.assessment) },
          item.assessment_text && { word: "Motivering", value: item.assessment_text },
        ]}
      />
    </section>
  );
}

function Judgement({ item }: { item: LexTrack }) {
  if (!item.proposed_degree) return null;
  return (
    <section className="ly-card ly-stack">
      <h2>{item.degree ? "Beslut" : "Förslag till beslut"}</h2>
      <Facts
        list
        rows={[
          { word: "Föreslagen grad", value: labelOf(degrees, item.proposed_degree) },
          { word: "Motivering", value: item.proposal },
          { word: "Utredare", value: item.proposed_by_name },
          item.degree && { word: "Beslutad grad", value: <b>{labelOf(degrees, item.degree)}</b> },
          item.degree && { word: "Motivering till beslutet", value: item.decision },
          item.decided_at && { word: "Beslutat", value: `${dateLong(item.decided_at)}, ${item.decided_by_name ?? ""}` },
          item.delegation && { word: "Delegation", value: item.delegation },
        ]}
      />
    </section>
  );
}

function IVO({ item }: { item: LexTrack }) {
  if (!item.serious && item.ivo.length === 0 && item.assessment !== "IVO_DIREKT") return null;
  return (
    <section className="ly-card ly-stack">
      <h2>IVO</h2>
      {item.ivo.length === 0 && (
        <Alert tone="warning">
          {item.ivo_due_on ? `Ska anmälas snarast, senast ${dateLong(item.ivo_due_on)}.` : "Ska anmälas snarast."}
        </Alert>
      )}
      {item.ivo.map((one) => (
        <Facts
          key={one.id}
          list
          rows={[
            { word: labelOf(ivoKinds, one.kind), value: dateLong(one.happened_on) },
            one.ivo_dnr && { word: "IVO:s diarienummer", value: <span className="ly-num">{one.ivo_dnr}</span> },
            one.delegation && { word: "Delegation", value: one.delegation },
            one.note && { word: "Anteckning", value: one.note },
            { word: "Antecknat av", value: `${one.logged_by_name}, ${dateTime(one.logged_at)}` },
          ]}
        />
      ))}
    </section>
  );
}

function Log({ item }: { item: LexTrack }) {
  return (
    <Details summary="Historik">
      <Timeline
        items={item.log.map((one, index) => ({
          id: String(index),
          at: one.at,
          what: one.note ? `${one.text}. ${one.note}` : one.text,
          ...(one.actor_name ? { who: one.actor_name } : {}),
        }))}
      />
    </Details>
  );
}

function Side({ item }: { item: LexTrack }) {
  return (
    <aside className="lex-side ly-stack" aria-label="Om ärendet">
      <section className="ly-card">
        <h2>Ansvar och tid</h2>
        <Facts
          list
          rows={[
            { word: "Utredare", value: item.investigator_name ?? "Ingen än" },
            item.due_on && {
              word: "Klart senast",
              value: <DueText on={item.due_on} text={item.due_text} late={item.late} />,
            },
            { word: "Ärendet", value: item.case_state_text },
          ]}
        />
      </section>
      <p className="ly-muted ly-small">
        Utredningen gäller vad som brast och varför, inte vem som gjorde fel. Varje läsning loggas.
      </p>
    </aside>
  );
}
