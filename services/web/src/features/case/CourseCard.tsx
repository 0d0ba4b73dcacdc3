import { useState } from "react";
import type { Case, CourseEntry, Investigation } from "../../api/model";
import { useCodes } from "../../api/reference";
import { dateLong, dateTime, monthName, time, t } from "../../i18n";
import { Button, Icon, Tag } from "../../ui";
import { EntryDialog } from "./EntryDialog";

export function whenWords(entry: Pick<CourseEntry, "happened_at" | "precision">): string {
  if (!entry.happened_at) return t("case.tid_okand");
  if (entry.precision === "MANAD") return monthName(entry.happened_at);
  const day = dateLong(entry.happened_at);
  return entry.precision === "TID" ? `${day} ${time(entry.happened_at)}` : day;
}

/** The course of events, drawn from entries. None is changed or taken away: a correction stands beside what it corrects. */
export function CourseCard({
  item,
  inquiry,
  editable,
}: {
  item: Case;
  inquiry: Investigation;
  editable: boolean;
}) {
  const [open, setOpen] = useState<{ corrects?: CourseEntry }>();
  const { entries } = inquiry;
  return (
    <section className="ly-card ly-stack ly-stack-s" aria-labelledby="course-title">
      <div className="ly-row ly-between">
        <h2 id="course-title">{t("case.handelseforlopp")}</h2>
        {editable && (
          <Button variant="secondary" icon="plus" onClick={() => setOpen({})}>
            {t("case.lagg_till_handelse")}
          </Button>
        )}
      </div>
      {entries.length === 0 && <p className="ly-muted">{t("case.inga_handelser_an_skriv_en")}</p>}
      {entries.length > 0 && (
        <ol className="course">
          {entries.map((entry) => (
            <Entry
              key={entry.id}
              entry={entry}
              corrected={entries.find((one) => one.id === entry.superseded_by)}
              corrects={entries.find((one) => one.id === entry.supersedes)}
              onCorrect={editable && !entry.superseded_by ? () => setOpen({ corrects: entry }) : undefined}
            />
          ))}
        </ol>
      )}
      {open && <EntryDialog item={item} corrects={open.corrects} onClose={() => setOpen(undefined)} />}
    </section>
  );
}

type EntryProps = {
  entry: CourseEntry;
  corrected: CourseEntry | undefined;
  corrects: CourseEntry | undefined;
  onCorrect: (() => void) | undefined;
};

function Entry({ entry, corrected, corrects, onCorrect }: EntryProps) {
  const codes = useCodes();
  const fact = entry.kind === "FAKTA";
  return (
    <li data-kind={entry.kind} data-old={corrected ? "" : undefined}>
      <div className="course-head">
        <b>{whenWords(entry)}</b>
        <Tag tone={fact ? "info" : "calm"}>{fact ? t("case.fakta") : t("case.bedomning")}</Tag>
        {corrected && <Tag tone="warn">{t("case.rattad")}</Tag>}
        {corrects && <Tag tone="ok">{t("case.rattelse")}</Tag>}
      </div>
      <p className="ly-pre" dir="auto">
        {corrected ? <s>{entry.text}</s> : entry.text}
      </p>
      {corrects && (
        <p className="ly-muted ly-small">
          {t("case.rattar_det_som_skrev", {
            author_name: corrects.author_name,
            word: dateTime(corrects.documented_at),
          })}
        </p>
      )}
      <p className="ly-muted ly-small">
        {[codes.label("entry_source", entry.source), entry.source_detail].filter(Boolean).join(": ")}
        {" · "}
        {[entry.author_name, entry.author_title].filter(Boolean).join(", ")}
        {" · "}
        <time dateTime={entry.documented_at}>{dateTime(entry.documented_at)}</time>
      </p>
      {onCorrect && (
        <button
          type="button"
          className="course-correct ly-noprint"
          onClick={onCorrect}
          aria-label={t("case.ratta_handelsen", { word: whenWords(entry) })}
        >
          <Icon name="pen" />
          {t("case.ratta")}
        </button>
      )}
    </li>
  );
}
