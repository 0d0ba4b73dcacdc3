import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get, post } from "../../api/client";
import type { List, Person, Reading } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import { dateTime, t } from "../../i18n";
import { Alert, Button, type Column, Empty, Field, SelectField, Table } from "../../ui";
import { csv, readerOf, save } from "./words";

const ways = [
  { value: "EMPLOYEE", label: t("audit.medarbetare") },
  { value: "NAME", label: t("audit.namn") },
  { value: "PNR", label: t("audit.personnummer") },
  { value: "PHONE", label: t("audit.telefon") },
  { value: "EMAIL", label: t("audit.epost") },
  { value: "NUMBER", label: t("audit.nummer") },
];

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

const columns: Column<Reading>[] = [
  {
    id: "at",
    title: t("audit.nar"),
    head: true,
    cell: (row) => <time dateTime={row.at}>{dateTime(row.at)}</time>,
  },
  { id: "who", title: t("audit.vem"), wide: true, cell: (row) => readerOf(row) },
  { id: "title", title: t("audit.roll"), desk: true, cell: (row) => row.actor_title },
  { id: "what", title: t("audit.vad"), wide: true, cell: (row) => row.text },
  {
    id: "case",
    title: t("audit.arende"),
    cell: (row) => (
      <span className="ly-num">
        {row.number ?? (row.shown > 0 ? t("audit.lista", { length: row.shown }) : "")}
      </span>
    ),
  },
];

/** Loggutdrag: what an employee has read, or who has read somebody's cases. The whole period is fetched. */
export function Extract() {
  const [by, setBy] = useState("EMPLOYEE");
  const [value, setValue] = useState("");
  const [from, setFrom] = useState(day(30));
  const [to, setTo] = useState(day(0));
  const people = useQuery({ queryKey: ["people"], queryFn: () => get<List<Person>>("/people") });
  const extract = useMutation({
    mutationFn: async () => {
      const rows: Reading[] = [];
      let cursor = "";
      do {
        const page: List<Reading> = await post<List<Reading>>("/log/extract", {
          body: {
            by,
            from,
            to,
            ...(by === "EMPLOYEE" ? { person_id: value } : { value }),
            limit: 500,
            ...(cursor ? { cursor } : {}),
          },
        });
        rows.push(...page.items);
        cursor = page.next_cursor ?? "";
      } while (cursor && rows.length < 20_000);
      return rows;
    },
  });
  const errors = extract.error ? fieldErrors(extract.error) : {};
  const rows = extract.data;
  const toFile = () => {
    const head = [t("audit.nar"), t("audit.vem"), t("audit.roll"), t("audit.vad"), t("audit.arende")];
    const body = (rows ?? []).map((row) => [
      dateTime(row.at),
      readerOf(row),
      row.actor_title ?? "",
      row.text,
      row.number ?? (row.shown > 0 ? t("audit.lista", { length: row.shown }) : ""),
    ]);
    save("loggutdrag.csv", csv([head, ...body]), "text/csv");
  };
  return (
    <div className="ly-stack">
      <form
        className="ly-card ly-stack ly-noprint"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (value) extract.mutate();
        }}
      >
        <h2>{t("audit.utdrag")}</h2>
        <p>{t("audit.utdrag_text")}</p>
        <div className="ly-narrow ly-stack">
          <SelectField
            label={t("audit.sok_pa")}
            options={ways}
            value={by}
            onChange={(event) => {
              setBy(event.target.value);
              setValue("");
            }}
          />
          {by === "EMPLOYEE" ? (
            <SelectField
              label={t("audit.vem_last")}
              blank={t("audit.valj")}
              options={(people.data?.items ?? []).map((one) => ({
                value: one.id,
                label: `${one.name}, ${one.title}`,
              }))}
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
          ) : (
            <Field
              label={ways.find((one) => one.value === by)?.label ?? ""}
              value={value}
              autoComplete="off"
              onChange={(event) => setValue(event.target.value)}
            />
          )}
          <Field
            label={t("audit.fran")}
            type="date"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
          <Field
            label={t("audit.till")}
            type="date"
            value={to}
            error={errors["to"]}
            onChange={(event) => setTo(event.target.value)}
          />
        </div>
        {extract.error && <Alert tone="danger">{explain(extract.error)}</Alert>}
        <div>
          <Button type="submit" busy={extract.isPending}>
            {t("audit.ta_ut")}
          </Button>
        </div>
      </form>
      {rows && rows.length === 0 && (
        <section className="ly-card">
          <Empty title={t("audit.inget_last")} />
        </section>
      )}
      {rows && rows.length > 0 && (
        <section className="ly-card ly-stack">
          <div className="ly-row ly-noprint">
            <Button variant="secondary" onClick={toFile}>
              {t("audit.spara_csv")}
            </Button>
            <Button variant="secondary" onClick={() => window.print()}>
              {t("audit.skriv_ut")}
            </Button>
          </div>
          <Table
            caption={t("audit.lasningar", { length: rows.length })}
            columns={columns}
            rows={rows}
            rowKey={(row) => `${row.at}-${row.actor_name ?? ""}-${row.text}-${row.case_id ?? ""}`}
          />
        </section>
      )}
    </div>
  );
}
