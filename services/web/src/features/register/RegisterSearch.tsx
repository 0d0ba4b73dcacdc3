import { t } from "../../i18n";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "react-router";
import { address } from "../../api/client";
import type { RegisterFile } from "../../api/model";
import { useCodes, useUnits } from "../../api/reference";
import { useSession } from "../../app/session";
import { Button, Field, SelectField } from "../../ui";

// The search stands in the address, so that it can be kept as a bookmark; it holds numbers, dates and codes only.
const names = {
  file_id: "akt",
  from: "fran",
  to: "till",
  direction: "riktning",
  number: "nummer",
  unit_id: "enhet",
  case_type: "typ",
  voided: "makulerade",
} as const;
type Name = keyof typeof names;
export type SearchQuery = Partial<Record<Name, string>>;

/** Only of the internal view: the public one does not know which unit or what kind an entry is about. */
const internalOnly: readonly Name[] = ["unit_id", "case_type", "voided"];

export function readSearch(params: URLSearchParams, open: boolean): SearchQuery {
  const query: SearchQuery = {};
  for (const name of Object.keys(names) as Name[]) {
    const value = params.get(names[name]);
    if (value && !(open && internalOnly.includes(name))) query[name] = value;
  }
  return query;
}

type Props = { open: boolean; files: RegisterFile[] };

/** What narrows the register, and the ways to take it along: as a table file or on paper. */
export function RegisterSearch({ open, files }: Props) {
  const [params, setParams] = useSearchParams();
  const codes = useCodes();
  const units = useUnits();
  const { may } = useSession();
  const shown = readSearch(params, open);
  const [form, setForm] = useState<SearchQuery>(shown);
  const set = (name: Name) => (event: { target: { value: string } }) =>
    setForm({ ...form, [name]: event.target.value });
  const search = (next: SearchQuery) => {
    const address = new URLSearchParams(open ? { vy: "offentlig" } : {});
    for (const name of Object.keys(names) as Name[]) {
      const value = next[name]?.trim();
      if (value) address.set(names[name], value);
    }
    setParams(address, { replace: true });
  };
  const field = (name: Name) => ({ value: form[name] ?? "", onChange: set(name) });
  return (
    <form
      className="register-search ly-noprint"
      role="search"
      aria-label={t("register.sok_i_diariet")}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        search(form);
      }}
    >
      <Field label={t("register.nummer")} maxLength={60} {...field("number")} />
      <Field label={t("register.fran_och_med")} type="date" {...field("from")} />
      <Field label={t("register.till_och_med")} type="date" {...field("to")} />
      <SelectField
        label={t("register.riktning")}
        blank={t("register.alla")}
        options={[
          { value: "INKOMMEN", label: t("register.in") },
          { value: "UPPRATTAD", label: t("register.upprattad") },
          { value: "EXPEDIERAD", label: t("register.ut") },
        ]}
        {...field("direction")}
      />
      {files.length > 0 && (
        <SelectField
          label={t("register.akt")}
          blank={t("register.alla")}
          options={files.map((one) => ({
            value: one.id,
            label: `${one.title} ${one.year}, ${one.dnr} (${one.entries})`,
          }))}
          {...field("file_id")}
        />
      )}
      {!open && (
        <>
          <SelectField
            label={t("register.typ")}
            blank={t("register.alla")}
            options={codes.options("case_type")}
            {...field("case_type")}
          />
          <SelectField
            label={t("register.enhet")}
            blank={t("register.alla")}
            options={units.options}
            {...field("unit_id")}
          />
          <SelectField
            label={t("register.makulerade")}
            blank={t("register.visa_alla")}
            options={[
              { value: "UTAN", label: t("register.utan_makulerade") },
              { value: "BARA", label: t("register.bara_makulerade") },
            ]}
            {...field("voided")}
          />
        </>
      )}
      <div className="register-acts">
        <Button type="submit">{t("register.sok")}</Button>
        <Button
          variant="tertiary"
          onClick={() => {
            setForm({});
            search({});
          }}
        >
          {t("register.rensa")}
        </Button>
        {may("register:export") && (
          <a
            className="ds-button"
            data-variant="secondary"
            href={address("/register/export", {}, { ...shown, view: open ? "OFFENTLIG" : "INTERN" })}
            download
          >
            {t("register.hamta_som_csv")}
          </a>
        )}
      </div>
    </form>
  );
}
