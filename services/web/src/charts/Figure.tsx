import { type ReactNode, useId } from "react";
import { t } from "../i18n";
import { Details } from "../ui";

export type Twin = { head: string[]; rows: (string | number | null)[][] };

type FigureProps = {
  /** What is counted. */
  title: string;
  /** What it shows, made by the server from the same numbers. */
  summary?: string | undefined;
  /** The same numbers as a table. */
  twin?: Twin;
  note?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
};

/** A figure: title, sentence, picture, and the same numbers as a table. */
export function Figure({ title, summary, twin, note, aside, children }: FigureProps) {
  const heading = useId();
  return (
    <section className="ly-card ly-figure" aria-labelledby={heading}>
      <div className="ly-row ly-between">
        <h2 id={heading}>{title}</h2>
        {aside}
      </div>
      {summary && <p className="ly-figure-text">{summary}</p>}
      {children}
      {note && <p className="ly-muted ly-small">{note}</p>}
      {twin && twin.rows.length > 0 && (
        <Details summary={t("chart.numbers", { title: title.toLocaleLowerCase("sv") })}>
          <NumberTable title={title} twin={twin} />
        </Details>
      )}
    </section>
  );
}

const isNumbers = (twin: Twin, column: number) =>
  column > 0 && twin.rows.every((row) => typeof row[column] !== "string");

function NumberTable({ title, twin }: { title: string; twin: Twin }) {
  return (
    <div className="ly-tablebox" tabIndex={0} role="region" aria-label={title}>
      <table className="ly-table ly-table-small">
        <caption className="ly-sr">{title}</caption>
        <thead>
          <tr>
            {twin.head.map((name, column) => (
              <th key={name} scope="col" data-num={isNumbers(twin, column) ? "" : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {twin.rows.map((row) => (
            <tr key={String(row[0])}>
              {row.map((value, column) =>
                column === 0 ? (
                  <th key={column} scope="row">
                    {value}
                  </th>
                ) : (
                  <td key={column} data-num={typeof value !== "string" ? "" : undefined}>
                    {value === null ? <Protected /> : value}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One mark for every protected cell, zero included. */
export function Protected() {
  return (
    <>
      <span aria-hidden="true">–</span>
      <span className="ly-sr">{t("chart.suppressed")}</span>
    </>
  );
}
