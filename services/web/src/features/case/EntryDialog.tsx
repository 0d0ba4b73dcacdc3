import { t } from "../../i18n";
import { useState } from "react";
import type { Case, CourseEntry } from "../../api/model";
import { useCodes } from "../../api/reference";
import { Alert, Chips, Field, SelectField, Textarea } from "../../ui";
import { FormDialog } from "./FormDialog";

const precisions = [
  { value: "TID", label: t("case.klockslag") },
  { value: "DAG", label: t("case.bara_dagen") },
  { value: "MANAD", label: t("case.bara_manaden") },
  { value: "OKAND", label: t("case.okand") },
];

const pad = (value: number) => String(value).padStart(2, "0");

function partsOf(at: string | null) {
  if (!at) return { day: "", clock: "" };
  const then = new Date(at);
  return {
    day: `${then.getFullYear()}-${pad(then.getMonth() + 1)}-${pad(then.getDate())}`,
    clock: `${pad(then.getHours())}:${pad(then.getMinutes())}`,
  };
}

/** One line of the course. A correction starts from what it corrects, which stays. */
export function EntryDialog({
  item,
  corrects,
  onClose,
}: {
  item: Case;
  corrects: CourseEntry | undefined;
  onClose: () => void;
}) {
  const codes = useCodes();
  const [form, setForm] = useState({
    precision: corrects?.precision ?? "TID",
    ...partsOf(corrects?.happened_at ?? item.happened_at),
    kind: corrects?.kind ?? "FAKTA",
    source: corrects?.source ?? "",
    source_detail: corrects?.source_detail ?? "",
    text: corrects?.text ?? "",
  });
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const known = form.precision !== "OKAND";
  const happened = () => {
    if (!known) return undefined;
    const day = form.precision === "MANAD" ? `${form.day.slice(0, 7)}-01` : form.day;
    return new Date(`${day}T${form.precision === "TID" ? form.clock : "00:00"}`).toISOString();
  };
  return (
    <FormDialog
      item={item}
      title={corrects ? t("case.ratta_handelsen_2") : t("case.lagg_till_handelse")}
      submit={corrects ? t("case.spara_rattelsen") : t("case.lagg_till")}
      done={corrects ? t("case.rattelsen_ar_tillagd") : t("case.handelsen_ar_tillagd")}
      template="/cases/{id}/investigation/entries"
      body={() => ({
        happened_at: happened(),
        precision: form.precision,
        kind: form.kind,
        source: form.source,
        source_detail: form.source_detail.trim() || undefined,
        text: form.text.trim(),
        supersedes: corrects?.id,
      })}
      check={() => ({
        ...(form.text.trim() ? {} : { text: t("case.skriv_vad_som_hande") }),
        ...(form.source ? {} : { source: t("case.valj_varifran_uppgiften_kommer") }),
        ...(known && !form.day ? { happened_at: t("case.valj_dag_eller_att_tiden") } : {}),
        ...(form.precision === "TID" && !form.clock
          ? { clock: t("case.skriv_klockslaget_eller_valj_bara") }
          : {}),
      })}
      onClose={onClose}
    >
      {(errors) => (
        <>
          {corrects && <Alert>{t("case.det_som_stod_forut_finns")}</Alert>}
          <Textarea
            id="text"
            label={t("case.vad_hande_2")}
            rows={4}
            maxLength={10_000}
            value={form.text}
            onChange={(event) => set({ text: event.target.value })}
            error={errors.text}
          />
          <Chips
            name="kind"
            label={t("case.ar_det_fakta_eller_en")}
            value={form.kind}
            onChange={(kind) => set({ kind })}
            options={[
              { value: "FAKTA", label: t("case.fakta") },
              { value: "BEDOMNING", label: t("case.bedomning") },
            ]}
          />
          <Chips
            name="precision"
            label={t("case.hur_saker_ar_tiden")}
            value={form.precision}
            onChange={(precision) => set({ precision })}
            options={precisions}
          />
          {known && (
            <div className="ly-grid-2">
              <Field
                id="happened_at"
                label={t("case.datum")}
                type="date"
                value={form.day}
                onChange={(event) => set({ day: event.target.value })}
                error={errors.happened_at}
              />
              {form.precision === "TID" && (
                <Field
                  id="clock"
                  label={t("case.klockslag")}
                  type="time"
                  value={form.clock}
                  onChange={(event) => set({ clock: event.target.value })}
                  error={errors.clock}
                />
              )}
            </div>
          )}
          <SelectField
            id="source"
            label={t("case.varifran_kommer_uppgiften")}
            blank={t("case.valj")}
            options={codes.options("entry_source")}
            value={form.source}
            onChange={(event) => set({ source: event.target.value })}
            error={errors.source}
          />
          <Field
            label={t("case.narmare_om_kallan")}
            hint={t("case.till_exempel_vilken_lista_vilket")}
            optional
            maxLength={500}
            value={form.source_detail}
            onChange={(event) => set({ source_detail: event.target.value })}
          />
        </>
      )}
    </FormDialog>
  );
}
