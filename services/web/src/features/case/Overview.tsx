import type { ReactNode } from "react";
import type { Case } from "../../api/model";
import { useCodes } from "../../api/reference";
import { dateLong, dateTime } from "../../i18n";
import { Alert, Details, Facts, Tag } from "../../ui";
import { RedThread } from "./RedThread";

/** The reporter's own words, what is known, and what else looks like it. */
export function Overview({ item }: { item: Case }) {
  return (
    <>
      <ReportCard item={item} />
      {item.consultation?.decided_at && <Decision item={item} />}
      <KnownCard item={item} />
      <RedThread item={item} />
      <FeedbackCard item={item} />
    </>
  );
}

export function ReportCard({ item, children }: { item: Case; children?: ReactNode }) {
  const codes = useCodes();
  const { report } = item;
  const extra = [
    { word: "Var", value: report.place },
    { word: "Direkt åtgärd", value: report.direct_measure },
    { word: "Anteckning vid mottagandet", value: report.note },
    { word: "På uppdrag av", value: report.on_behalf_of },
  ].filter((row) => row.value);
  return (
    <section className="ly-card ly-stack">
      <div className="ly-row ly-between">
        <h2>Det som berättades</h2>
        <span className="ly-muted ly-small">
          {codes.label("channel", item.channel)} · {dateTime(item.received_at)}
        </span>
      </div>
      {item.about_manager && (
        <Alert tone="warning">Rapporten handlar om enhetens chef. Den har gått till chefens chef.</Alert>
      )}
      <blockquote className="ly-quote" dir="auto">
        {report.narrative}
      </blockquote>
      {extra.length > 0 && <Facts rows={extra} />}
      <PersonDetails item={item} />
      {children}
    </section>
  );
}

/** Names lie folded in; opening the case has already been logged. */
function PersonDetails({ item }: { item: Case }) {
  const { contact, people } = item.report;
  const rows = [
    { word: "Rapportör", value: item.reporter?.name },
    { word: "Namn", value: contact?.name },
    { word: "Telefon", value: contact?.phone },
    { word: "E-post", value: contact?.email },
    { word: "Adress", value: contact?.address },
    { word: "Inblandade", value: people },
  ].filter((row) => row.value);
  if (item.anonymous) return <p className="ly-muted">Personen är anonym. {replyWords(item)}</p>;
  if (rows.length === 0) return null;
  return (
    <Details summary="Visa uppgifter om person">
      <div className="personal">
        <Facts rows={rows} />
      </div>
    </Details>
  );
}

const replyWords = (item: Case) =>
  item.wants_reply === "KOD"
    ? "Svaret läses med kod."
    : item.wants_reply === "NEJ"
      ? "Inget svar önskas."
      : "";

function Decision({ item }: { item: Case }) {
  const made = item.consultation;
  if (!made?.decided_at) return null;
  return (
    <section className="ly-card ly-stack ly-stack-s">
      <div className="ly-row ly-between">
        <h2>Samråd</h2>
        <Tag tone={made.decision === "KOMPLICERAD" ? "warn" : "ok"}>
          {made.decision === "KOMPLICERAD" ? "Komplicerat" : "Enkelt"}
        </Tag>
      </div>
      <p>{made.motivation}</p>
      <p className="ly-muted ly-small">
        {made.superior?.name}, {dateLong(made.decided_at)}
      </p>
    </section>
  );
}

function KnownCard({ item }: { item: Case }) {
  const codes = useCodes();
  const similar = item.similar;
  return (
    <section className="ly-card ly-stack">
      <h2>Uppgifter</h2>
      <Facts
        rows={[
          { word: "Enhet", value: item.unit?.name ?? "Okänd" },
          item.reported_unit &&
            item.reported_unit.id !== item.unit?.id && {
              word: "Angiven enhet",
              value: item.reported_unit.name,
            },
          { word: "Från", value: codes.label("sender_role", item.sender_role) },
          item.happened_at && { word: "Hände", value: dateTime(item.happened_at) },
          {
            word: "Kategori",
            value:
              [item.category, item.category_hsl].filter(Boolean).map(codes.category).join(" · ") ||
              "Inte vald",
          },
          { word: "Skada", value: codes.label("harm", item.harm) },
          item.area && { word: "Område", value: codes.label("area", item.area) },
          item.outcome && { word: "Resultat", value: codes.label("outcome", item.outcome) },
        ]}
      />
      {similar && (
        <p className={similar.count > 0 ? undefined : "ly-muted"}>
          {similar.count === 0
            ? `Inget liknande ärende på enheten de senaste ${similar.window_months} månaderna.`
            : similar.count === 1
              ? `1 liknande ärende på enheten de senaste ${similar.window_months} månaderna.`
              : `${similar.count} liknande ärenden på enheten de senaste ${similar.window_months} månaderna.`}
        </p>
      )}
    </section>
  );
}

function FeedbackCard({ item }: { item: Case }) {
  const codes = useCodes();
  const rows = item.feedbacks ?? [];
  if (rows.length === 0) return null;
  return (
    <section className="ly-card ly-stack ly-stack-s">
      <h2>Återkoppling till personen</h2>
      <ul className="ly-timeline">
        {rows.map((row) => (
          <li key={row.id}>
            <b>{codes.label("feedback_method", row.method)}</b>
            <time dateTime={row.given_on}>
              {dateLong(row.given_on)}
              {row.given_by_name && ` · ${row.given_by_name}`}
            </time>
            {row.note && <p>{row.note}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
