import { useState } from "react";
import { useParams } from "react-router";
import { address } from "../../api/client";
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
    <Page title={t("lexsarah.lex_sarah")}>
      {track.error ? (
        <Failed what={t("lexsarah.arendet")} retry={() => void track.refetch()} />
      ) : (
        <Skeleton rows={8} />
      )}
    </Page>
  );
}

function Loaded({ item, stale }: { item: LexTrack; stale: boolean }) {
  return (
    <Page
      title={item.subject ?? t("lexsarah.rapport", { reference: item.reference })}
      lead={
        <span className="lex-meta">
          <b className="ly-num">
            {[item.entry_no, item.own_dnr].filter(Boolean).join(" · ") || item.reference}
          </b>
          <span>{t("lexsarah.lex_sarah")}</span>
          {item.unit_name && <span>{item.unit_name}</span>}
        </span>
      }
      aside={
        <>
          <Tag tone={stepTone(item.step)}>{item.step_text}</Tag>
          {item.degree && <Tag tone={item.serious ? "danger" : "warn"}>{labelOf(degrees, item.degree)}</Tag>}
          <Tag icon="lock" square>
            {t("lexsarah.bara_lex_sarah")}
          </Tag>
        </>
      }
    >
      {stale && <Failed what={t("lexsarah.det_senaste")} />}
      <Steps
        label={t("lexsarah.vagen_for_lex_sarah")}
        steps={wayOf(item.step, item.serious || Boolean(item.ivo_on))}
      />
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
const inPage = new Set(["add-lex-entry", "save-lex-facts", "fetch-ivo-package"]);

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
        <Details
          summary={t("lexsarah.saknas_innan_utredningen_ar_klar", { length: item.missing.length })}
          open
        >
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
        <h2>{t("lexsarah.rapporten")}</h2>
        <span className="ly-muted ly-small">{dateTime(item.case_received_at)}</span>
      </div>
      <blockquote className="ly-quote" dir="auto">
        {report.narrative}
      </blockquote>
      <Facts
        rows={[
          report.place && { word: t("lexsarah.var"), value: report.place },
          report.direct_measure && { word: t("lexsarah.gjort_direkt"), value: report.direct_measure },
          report.people && { word: t("lexsarah.inblandade"), value: report.people },
          { word: t("lexsarah.rapporterad_av"), value: item.reporter_name ?? item.sender_role },
          {
            word: t("lexsarah.till_lex_sarah"),
            value: `${dateTime(item.held_at)}${item.held_by_name ? `, ${item.held_by_name}` : ""}`,
          },
          { word: t("lexsarah.varfor"), value: item.reason },
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
      <h2>{t("lexsarah.mottagning_och_forsta_bedomning")}</h2>
      <Facts
        list
        rows={[
          {
            word: t("lexsarah.mottagen"),
            value: `${dateTime(item.received_at)}, ${item.received_by_name ?? ""}`,
          },
          { word: t("lexsarah.vad_den_galler"), value: item.what },
          item.happened_on && { word: t("lexsarah.nar_det_hande"), value: dateLong(item.happened_on) },
          item.immediate && { word: t("lexsarah.gjort_direkt"), value: item.immediate },
          item.assessment && {
            word: t("lexsarah.forsta_bedomning"),
            value: labelOf(assessments, item.assessment),
          },
          item.assessment_text && { word: t("lexsarah.motivering"), value: item.assessment_text },
        ]}
      />
    </section>
  );
}

function Judgement({ item }: { item: LexTrack }) {
  if (!item.proposed_degree) return null;
  return (
    <section className="ly-card ly-stack">
      <h2>{item.degree ? t("lexsarah.beslut") : t("lexsarah.forslag_till_beslut")}</h2>
      <Facts
        list
        rows={[
          { word: t("lexsarah.foreslagen_grad"), value: labelOf(degrees, item.proposed_degree) },
          { word: t("lexsarah.motivering"), value: item.proposal },
          { word: t("lexsarah.utredare"), value: item.proposed_by_name },
          item.degree && { word: t("lexsarah.beslutad_grad"), value: <b>{labelOf(degrees, item.degree)}</b> },
          item.degree && { word: t("lexsarah.motivering_till_beslutet"), value: item.decision },
          item.decided_at && {
            word: t("lexsarah.beslutat"),
            value: `${dateLong(item.decided_at)}, ${item.decided_by_name ?? ""}`,
          },
          item.delegation && { word: t("lexsarah.delegation"), value: item.delegation },
        ]}
      />
    </section>
  );
}

function IVO({ item }: { item: LexTrack }) {
  if (!item.serious && item.ivo.length === 0 && item.assessment !== "IVO_DIREKT") return null;
  return (
    <section className="ly-card ly-stack">
      <h2>{t("lexsarah.ivo")}</h2>
      {item.ivo.length === 0 && (
        <Alert tone="warning">
          {item.ivo_due_on
            ? t("lexsarah.ska_anmalas_snarast_senast", { word: dateLong(item.ivo_due_on) })
            : t("lexsarah.ska_anmalas_snarast")}
        </Alert>
      )}
      {item.ivo.map((one) => (
        <Facts
          key={one.id}
          list
          rows={[
            { word: labelOf(ivoKinds, one.kind), value: dateLong(one.happened_on) },
            one.ivo_dnr && {
              word: "IVO:s diarienummer",
              value: <span className="ly-num">{one.ivo_dnr}</span>,
            },
            one.delegation && { word: t("lexsarah.delegation"), value: one.delegation },
            one.note && { word: t("lexsarah.anteckning"), value: one.note },
            { word: t("lexsarah.antecknat_av"), value: `${one.logged_by_name}, ${dateTime(one.logged_at)}` },
          ]}
        />
      ))}
    </section>
  );
}

function Log({ item }: { item: LexTrack }) {
  return (
    <Details summary={t("lexsarah.historik")}>
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
    <aside className="lex-side ly-stack" aria-label={t("lexsarah.om_arendet")}>
      <section className="ly-card">
        <h2>{t("lexsarah.ansvar_och_tid")}</h2>
        <Facts
          list
          rows={[
            { word: t("lexsarah.utredare"), value: item.investigator_name ?? t("lexsarah.ingen_an") },
            item.due_on && {
              word: t("lexsarah.klart_senast"),
              value: <DueText on={item.due_on} text={item.due_text} late={item.late} />,
            },
            { word: t("lexsarah.arendet"), value: item.case_state_text },
          ]}
        />
      </section>
      <p className="ly-muted ly-small">{t("lexsarah.utredningen_galler_vad_som_brast")}</p>
      {item.actions.some((one) => one.act === "fetch-ivo-package" && one.allowed) && (
        <a
          className="ds-button"
          data-variant="secondary"
          href={address("/lex/cases/{id}/package", { id: item.case_id })}
          download
        >
          {t("lexsarah.hamta_underlag_till_ivo_zip")}
        </a>
      )}
    </aside>
  );
}
