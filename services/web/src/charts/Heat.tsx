// A heat map is a real table: a number in each cell, five steps by quantile, one mark for what is protected.
import { quantileSorted } from "d3-array";
import { number, t } from "../i18n";
import { Protected } from "./Figure";

type HeatProps = {
  caption: string;
  corner: string;
  columns: readonly string[];
  /** A row may carry its sum, which stands last and takes no part in the colours. */
  rows: readonly { name: string; values: readonly (number | null)[]; total?: number | null }[];
  total?: { name: string; values: readonly (number | null)[] };
};

/** The step of a value among all shown values: 0 for nothing, then 1 to 5. */
export function stepper(values: readonly (number | null)[]): (value: number) => number {
  const known = values.filter((value): value is number => value !== null && value > 0).sort((a, b) => a - b);
  const cuts = [0.2, 0.4, 0.6, 0.8].map((share) => quantileSorted(known, share) ?? 0);
  return (value) => (value <= 0 ? 0 : 1 + cuts.filter((cut) => value > cut).length);
}

export function Heat({ caption, corner, columns, rows, total }: HeatProps) {
  const step = stepper(rows.flatMap((row) => row.values));
  const hidden =
    rows.some((row) => row.values.includes(null) || row.total === null) ||
    (total?.values.includes(null) ?? false);
  return (
    <>
      <div className="ly-tablebox" tabIndex={0} role="region" aria-label={caption}>
        <table className="ly-heat">
          <caption className="ly-sr">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{corner}</th>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                {row.values.map((value, index) => (
                  <Cell key={columns[index]} value={value} step={value === null ? 0 : step(value)} />
                ))}
                {row.total !== undefined && <Sum value={row.total} />}
              </tr>
            ))}
          </tbody>
          {total && (
            <tfoot>
              <tr>
                <th scope="row">{total.name}</th>
                {total.values.map((value, index) => (
                  <Sum key={columns[index]} value={value} />
                ))}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
      {hidden && (
        <p className="c-note">
          <span className="c-swatch" aria-hidden="true" />
          {t("chart.suppressed_note")}
        </p>
      )}
    </>
  );
}

function Sum({ value }: { value: number | null }) {
  return (
    <td className="c-sum" data-hidden={value === null ? "" : undefined}>
      {value === null ? <Protected /> : number(value)}
    </td>
  );
}

function Cell({ value, step }: { value: number | null; step: number }) {
  if (value === null) {
    return (
      <td data-hidden="">
        <Protected />
      </td>
    );
  }
  return <td data-step={step}>{number(value)}</td>;
}
