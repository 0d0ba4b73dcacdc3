import type { Reading } from "../../api/model";
import { t } from "../../i18n";

/** Who it was, in words: a person by name, everybody else by what they are. */
export const readerOf = (row: Pick<Reading, "actor_name" | "kind">) => {
  if (row.actor_name) return row.actor_name;
  if (row.kind === "PUBLIC") return t("audit.utifran");
  return row.kind === "CLIENT" ? t("audit.ett_system") : t("audit.jobb");
};

/** A cell that a spreadsheet takes as text: quoted, and never as a formula. */
const cell = (value: string) => {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
};

export const csv = (rows: readonly (readonly string[])[]) =>
  `\uFEFF${rows.map((row) => row.map(cell).join(";")).join("\r\n")}\r\n`;

/** Hands a text to the browser as a file. */
export function save(name: string, text: string, type: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
