import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Case } from "../../api/model";
import { useCodes } from "../../api/reference";
import { dateLong, dateTime, t } from "../../i18n";
import { Alert, Details, Facts, Tag } from "../../ui";
import { BoardCard, ReferralCard } from "./BoardCard";
import { RedThread } from "./RedThread";

/** The reporter's own words, what is known, and what else looks like it. */
export function Overview({ item }: { item: Case }) {
  return (
    <>
      <ReportCard item={item} />
      <ReferralCard item={item} />
      <BoardCard item={item} />
      <Links item={item} />
      {item.consultation?.decided_at && <Decision item={item} />}
      <KnownCard item={item} />
      <RedThread item={item} />
      <FeedbackCard item={item} />
    </>
  );
}

/** What else was told in the same matter, or where this was told before. */
function Links({ item }: { item: Case }) {
  if ((item.links ?? []).length === 0) return null;
  return (
    <section className="ly-card ly-stack ly-stack-s">
      <h2>{t("case.hor_ihop_med")}</h2>
      <ul>
        {item.links.map((row) => (
          <li key={row.case_id}>
            <Link to={`/arenden/${row.case_id}`}>{row.number}</Link>{" "}
            {row.kind === "DUBBLETT"
              ? t("case.samma_handelse")
              : row.incoming
                ? t("case.fortsattning")
                : t("case.fortsattning_pa_det_arendet")}
            , {dateLong(row.linked_at)}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function ReportCard({ item, children }: { item: Case; children?: ReactNode }) {
  const codes = useCodes();
  const { report } = item;
  const extra = [
    { word: t("case.var"), value: report.place },
    { word: t("case.direkt_atgard"), value: report.direct_measure },
    { word: t("case.anteckning_vid_mottagandet"), value: report.note },
    { word: t("case.pa_uppdrag_av"), value: report.on_behalf_of },
  ].filter((row) => row.value);
  return (
    <section className="ly-card ly-stack">
      <div className="ly-row ly-between">
        <h2>{t("case.det_som_berattades")}</h2>
        <span className="ly-muted ly-small">
          {codes.label("channel", item.channel)} · {dateTime(item.received_at)}
        </span>
      </div>
      {item.about_manager && <Alert tone="warning">{t("case.rapporten_handlar_om_enhetens_chef")}</Alert>}
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
    { word: t("case.rapportor"), value: item.reporter?.name },
    { word: t("case.namn"), value: contact?.name },
    { word: t("case.telefon"), value: contact?.phone },
    { word: "E-post", value: contact?.email },
    { word: t("case.adress"), value: contact?.address },
    { word: t("case.inblandade"), value: people },
  ].filter((row) => row.value);
  if (item.anonymous)
    return (
      <p className="ly-muted">
        {t("case.personen_ar_anonym")} {replyWords(item)}
      </p>
    );
  if (rows.length === 0) return null;
  return (
    <Details summary={t("case.visa_uppgifter_om_person")}>
      <div className="personal">
        <Facts rows={rows} />
      </div>
    </Details>
  );
}

const replyWords = (item: Case) =>
  item.wants_reply === "KOD"
    ? t("case.svaret_lases_med_kod")
    : item.wants_reply === "NEJ"
      ? t("case.inget_svar_onskas")
      : "";

function Decision({ item }: { item: Case }) {
  const made = item.consultation;
  if (!made?.decided_at) return null;
  return (
    <section className="ly-card ly-stack ly-stack-s">
      <div className="ly-row ly-between">
        <h2>{t("case.samrad")}</h2>
        <Tag tone={made.decision === "KOMPLICERAD" ? "warn" : "ok"}>
          {made.decision === "KOMPLICERAD" ? t("case.komplicerat") : t("case.enkelt")}
        </Tag>
      </div>
      <p>{made.motivation}</p>
      <p className="ly-muted ly-small">
        {made.superior?.name}, {dateLong(made.decided_at)}
      </p>
    </section>
  );
}

function acknowledgement(told: NonNullable<Case["acknowledgement"]>): string {
  if (told.done) return told.mailed ? t("case.acknowledged_mailed") : t("case.acknowledged");
  const byHand = told.way === "TELEFON" || told.way === "BREV";
  return byHand ? t("case.acknowledge_by", { due: told.due_text }) : t("case.acknowledge_soon");
}

function KnownCard({ item }: { item: Case }) {
  const codes = useCodes();
  const similar = item.similar;
  return (
    <section className="ly-card ly-stack">
      <h2>{t("case.uppgifter")}</h2>
      <Facts
        rows={[
          { word: t("case.enhet"), value: item.unit?.name ?? t("case.okand") },
          item.reported_unit &&
            item.reported_unit.id !== item.unit?.id && {
              word: t("case.angiven_enhet"),
              value: item.reported_unit.name,
            },
          { word: t("case.fran"), value: codes.label("sender_role", item.sender_role) },
          item.happened_at && { word: t("case.hande"), value: dateTime(item.happened_at) },
          {
            word: t("case.kategori"),
            value:
              [item.category, item.category_hsl].filter(Boolean).map(codes.category).join(" · ") ||
              t("case.inte_vald"),
          },
          { word: t("case.skada"), value: codes.label("harm", item.harm) },
          item.acknowledgement && {
            word: t("case.acknowledgement"),
            value: acknowledgement(item.acknowledgement),
          },
          item.area && { word: t("case.omrade"), value: codes.label("area", item.area) },
          item.outcome && { word: t("case.resultat"), value: codes.label("outcome", item.outcome) },
        ]}
      />
      {similar && (
        <p className={similar.count > 0 ? undefined : "ly-muted"}>
          {similar.count === 0
            ? t("case.inget_liknande_arende_pa_enheten", { window_months: similar.window_months })
            : similar.count === 1
              ? t("case.1_liknande_arende_pa_enheten", { window_months: similar.window_months })
              : t("case.liknande_arenden_pa_enheten_de", {
                  count: similar.count,
                  window_months: similar.window_months,
                })}
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
      <h2>{t("case.aterkoppling_till_personen")}</h2>
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
