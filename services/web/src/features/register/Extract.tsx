import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { get, post } from "../../api/client";
import type { EntryRow, RegisterExtract } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import { shortLaw } from "../../api/reference";
import { useSession } from "../../app/session";
import { dateTime, t } from "../../i18n";
import {
  Button,
  Dialog,
  ErrorSummary,
  Facts,
  Failed,
  Field,
  type FieldErrors,
  Page,
  SelectField,
  Skeleton,
  Tag,
  useShortcuts,
  useToast,
} from "../../ui";
import "./register.css";

const extractKey = (id: string) => ["register-extract", id];
const directions: Record<string, string> = {
  INKOMMEN: t("register.in"),
  UPPRATTAD: t("register.upprattad"),
  EXPEDIERAD: t("register.ut"),
};
const reasons = [
  { value: "OMPROVAD", label: t("register.provad_pa_nytt") },
  { value: "FEL_BESTAMMELSE", label: t("register.fel_bestammelse") },
  { value: "NY_UPPGIFT", label: t("register.ny_uppgift_i_handlingen") },
  { value: "INTE_SEKRETESS", label: t("register.inte_sekretess_ta_bort_markeringen") },
];
const reasonText = (code: string) =>
  code === "EXTERNT_NUMMER"
    ? t("register.nummer_i_annat_diarium_2")
    : (reasons.find((one) => one.value === code)?.label ?? code);

/** Registerutdrag: all that the register holds about a case, with what has been changed in it. Made to be printed. */
export function Extract() {
  const { id = "" } = useParams();
  const { may } = useSession();
  const extract = useQuery({
    queryKey: extractKey(id),
    queryFn: () => get<RegisterExtract>("/register/cases/{id}", { path: { id } }),
  });
  const [marking, setMarking] = useState<EntryRow>();
  const [numbering, setNumbering] = useState<EntryRow>();
  const items = extract.data?.items ?? [];
  const first = items[0];
  return (
    <Page
      title={t("register.registerutdrag")}
      lead={
        first &&
        t("register.arende_referens", { word: first.own_dnr ?? first.entry_no, reference: first.reference })
      }
      aside={
        <Button variant="secondary" onClick={() => window.print()}>
          {t("register.skriv_ut")}
        </Button>
      }
    >
      {extract.isPending && <Skeleton rows={6} />}
      {extract.error && <Failed what={t("register.utdraget")} retry={() => void extract.refetch()} />}
      {items.map((row) => (
        <section key={row.id} className="ly-card ly-stack ly-stack-s" aria-labelledby={row.id}>
          <div className="ly-row ly-between">
            <h2 id={row.id} className="ly-num">
              {row.entry_no}
            </h2>
            {row.voided && <Tag>{t("register.makulerad")}</Tag>}
          </div>
          <Facts
            rows={[
              { word: t("register.datum"), value: row.entry_on },
              { word: t("register.riktning"), value: directions[row.direction] ?? row.direction },
              { word: t("register.fran"), value: row.sender },
              { word: t("register.amne"), value: row.subject },
              {
                word: t("register.sekretess"),
                value: row.secrecy_law
                  ? `${shortLaw(row.secrecy_law)}, ${row.secrecy_on}, ${row.secrecy_authority}`
                  : t("register.ingen_markering_sedan", { secrecy_on: row.secrecy_on }),
              },
              {
                word: t("register.nummer_i_annat_diarium_2"),
                value: row.external_dnr ?? t("register.inget"),
              },
              { word: t("register.registrerad"), value: dateTime(row.registered_at) },
            ]}
          />
          <Changes extract={extract.data} entry={row.id} />
          {may("register:mark") && !row.voided && (
            <div className="ly-actions">
              <Button variant="secondary" onClick={() => setMarking(row)}>
                {t("register.andra_markering_2")}
              </Button>
              <Button variant="secondary" onClick={() => setNumbering(row)}>
                {t("register.annat_diarium")}
              </Button>
            </div>
          )}
        </section>
      ))}
      {first && (
        <p className="ly-noprint">
          <Link to={`/arenden/${first.case_id}`}>{t("register.till_arendet")}</Link>
        </p>
      )}
      {marking && <MarkDialog row={marking} onClose={() => setMarking(undefined)} />}
      {numbering && <ExternalDialog row={numbering} onClose={() => setNumbering(undefined)} />}
    </Page>
  );
}

function Changes({ extract, entry }: { extract: RegisterExtract | undefined; entry: string }) {
  const rows = (extract?.changes ?? []).filter((one) => one.entry_id === entry);
  if (rows.length === 0) return null;
  return (
    <>
      <h3>{t("register.andrat")}</h3>
      <ul>
        {rows.map((row) => (
          <li key={`${row.at} ${row.reason}`}>
            {dateTime(row.at)}, {row.by_name}: {reasonText(row.reason)}.{" "}
            {row.reason === "EXTERNT_NUMMER"
              ? t("register.fore", { word: row.old_external ?? "inget" })
              : t("register.fore", {
                  word: row.old_law
                    ? `${shortLaw(row.old_law)}, ${row.old_on}, ${row.old_authority}`
                    : "ingen markering",
                })}
          </li>
        ))}
      </ul>
    </>
  );
}

type DialogProps = { row: EntryRow; onClose: () => void };

function useChange(row: EntryRow, send: () => Promise<unknown>, done: string, onClose: () => void) {
  const queries = useQueryClient();
  const say = useToast();
  const [errors, setErrors] = useState<FieldErrors>({});
  const change = useMutation({
    mutationFn: send,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: extractKey(row.case_id) });
      void queries.invalidateQueries({ queryKey: ["list-entries"] });
      say(done);
      onClose();
    },
    onError: (error) => setErrors(fieldErrors(error)),
  });
  const submit = () => {
    if (!change.isPending) change.mutate();
  };
  useShortcuts({ "Control+Enter": submit });
  return {
    errors,
    submit,
    busy: change.isPending,
    message: change.error ? explain(change.error) : undefined,
  };
}

function MarkDialog({ row, onClose }: DialogProps) {
  const [law, setLaw] = useState(row.secrecy_law);
  const [reason, setReason] = useState("OMPROVAD");
  const lifts = reason === "INTE_SEKRETESS";
  const change = useChange(
    row,
    () =>
      post("/register/entries/{id}/marking", {
        path: { id: row.id },
        body: {
          law: lifts ? "" : law.trim(),
          was: row.secrecy_law,
          authority: row.secrecy_authority,
          reason,
        },
      }),
    t("register.markeringen_ar_andrad_den_tidigare"),
    onClose,
  );
  return (
    <Dialog title={t("register.sekretessmarkering", { entry_no: row.entry_no })} onClose={onClose}>
      <form
        className="ly-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          change.submit();
        }}
      >
        <p className="ly-muted">{t("register.markeringen_ar_en_varning_varje")}</p>
        <ErrorSummary errors={change.errors} message={change.message} />
        <SelectField
          id="reason"
          label={t("register.varfor")}
          options={reasons}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          error={change.errors.reason}
        />
        {!lifts && (
          <Field
            id="law"
            label={t("register.bestammelse")}
            hint={t("register.till_exempel_26_kap_1")}
            maxLength={200}
            value={law}
            onChange={(event) => setLaw(event.target.value)}
            error={change.errors.law}
          />
        )}
        <div className="ly-actions">
          <Button type="submit" busy={change.busy}>
            {t("register.andra_markering")}
          </Button>
          <Button variant="tertiary" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function ExternalDialog({ row, onClose }: DialogProps) {
  const [number, setNumber] = useState(row.external_dnr ?? "");
  const change = useChange(
    row,
    () =>
      post("/register/entries/{id}/external", {
        path: { id: row.id },
        body: { external_dnr: number.trim() || null, was: row.external_dnr ?? null },
      }),
    t("register.numret_ar_andrat_det_tidigare"),
    onClose,
  );
  return (
    <Dialog title={t("register.nummer_i_annat_diarium", { entry_no: row.entry_no })} onClose={onClose}>
      <form
        className="ly-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          change.submit();
        }}
      >
        <ErrorSummary errors={change.errors} message={change.message} />
        <Field
          id="external_dnr"
          label={t("register.numret_i_det_andra_diariet")}
          hint={t("register.till_exempel_i_edok_tomt")}
          maxLength={60}
          value={number}
          onChange={(event) => setNumber(event.target.value)}
          error={change.errors.external_dnr}
        />
        <div className="ly-actions">
          <Button type="submit" busy={change.busy}>
            {t("action.save")}
          </Button>
          <Button variant="tertiary" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
