// A plain table. Rows become cards on a phone: a cell marked wide stands first on its own line,
// a cell with a label says it before its value.
import type { Key, ReactNode } from "react";
import { t } from "../i18n";
import { Button } from "./Button";
import { Icon } from "./Icon";
import type { ListKeys } from "./keyboard";

export type Column<Row> = {
  id: string;
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Row heading, read out with every cell. */
  head?: boolean;
  wide?: boolean;
  num?: boolean;
  /** Only where there is room for columns. */
  desk?: boolean;
  label?: string;
  sort?: string;
};

export type Sorting = { by: string; descending: boolean; onSort: (by: string) => void };

type TableProps<Row> = {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => Key;
  keys?: ListKeys;
  current?: Key | undefined;
  sorting?: Sorting;
};

export function Table<Row>({ caption, columns, rows, rowKey, keys, current, sorting }: TableProps<Row>) {
  return (
    <div className="ly-tablebox">
      <table className="ly-table" data-cards="">
        <caption className="ly-sr">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.id} column={column} sorting={sorting} />
            ))}
          </tr>
        </thead>
        <tbody {...keys?.list}>
          {rows.map((row, index) => (
            <tr
              key={rowKey(row)}
              data-link={keys ? "" : undefined}
              data-current={current !== undefined && rowKey(row) === current ? "" : undefined}
              {...keys?.row(index)}
            >
              {columns.map((column) => {
                const Cell = column.head ? "th" : "td";
                return (
                  <Cell
                    key={column.id}
                    scope={column.head ? "row" : undefined}
                    data-wide={column.wide ? "" : undefined}
                    data-num={column.num ? "" : undefined}
                    data-desk={column.desk ? "" : undefined}
                    data-label={column.label}
                  >
                    {column.cell(row)}
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Heading<Row>({ column, sorting }: { column: Column<Row>; sorting: Sorting | undefined }) {
  if (!column.sort || !sorting) {
    return (
      <th scope="col" data-num={column.num ? "" : undefined}>
        {column.title}
      </th>
    );
  }
  const active = sorting.by === column.sort;
  const { sort } = column;
  return (
    <th
      scope="col"
      aria-sort={active ? (sorting.descending ? "descending" : "ascending") : "none"}
      data-num={column.num ? "" : undefined}
    >
      <button type="button" onClick={() => sorting.onSort(sort)}>
        {column.title}
        {active && <Icon name={sorting.descending ? "down" : "up"} />}
      </button>
    </th>
  );
}

/** Cursor pages: how many are shown, and a button for more. */
export function Pager({
  text,
  more,
  busy,
}: {
  text: string;
  more?: (() => void) | undefined;
  busy?: boolean;
}) {
  return (
    <div className="ly-pager">
      <span>{text}</span>
      {more && (
        <Button variant="secondary" onClick={more} busy={busy ?? false}>
          {t("action.more")}
        </Button>
      )}
    </div>
  );
}
