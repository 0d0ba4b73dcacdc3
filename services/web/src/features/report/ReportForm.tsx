import { t } from "../../i18n";
import { type FormEvent, useState } from "react";
import { useAutosave } from "../../api/autosave";
import { post } from "../../api/client";
import { discardDraft, saveDraft } from "../../api/drafts";
import { harms, unitOptions } from "../../api/choices";
import type { Code, List, Receipt, Unit } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import { useSending } from "../../api/sending";
import type { Fetched } from "../../api/useFetched";
import {
  Alert,
  Button,
  Check,
  Chips,
  Details,
  ErrorSummary,
  Failed,
  Field,
  type FieldErrors,
  Saved,
  SelectField,
  Textarea,
} from "../../ui";
import { check, other, type Report, toRequest, type When } from "./form";

export const reportDraft = "report";

const whens: { value: When; label: string }[] = [
  { value: "NYSS", label: t("report.nyss") },
  { value: "IDAG", label: t("report.tidigare_i_dag") },
  { value: "ANNAN", label: t("report.en_annan_dag") },
];

type Props = {
  start: Report;
  units: Fetched<List<Unit>>;
  /** The categories people choose most often here. */
  quick: readonly Code[];
  onSent: (receipt: Receipt) => void;
};

/** One short page, four touches and a sentence. Only the place and the words are required. */
export function ReportForm({ start, units, quick, onSent }: Props) {
  const [report, setReport] = useState(start);
  const [errors, setErrors] = useState<FieldErrors>({});
  const draft = useAutosave<Report>((value) => saveDraft(reportDraft, value));

  const send = useSending(
    (body: ReturnType<typeof toRequest>) => post<Receipt>("/cases", { body, key: report.key }),
    (receipt) => {
      // The report is in; a draft that lingers for want of net is found and replaced next time.
      void discardDraft(reportDraft).catch(() => undefined);
      onSent(receipt);
    },
  );
  const deliver = async () => {
    draft.drop();
    const problem = await send.mutate(toRequest(report, new Date()));
    if (!problem) return;
    setErrors(fieldErrors(problem));
    draft.change(report);
  };

  const set = <Name extends keyof Report>(name: Name, value: Report[Name]) => {
    const next = { ...report, [name]: value };
    setReport(next);
    draft.change(next);
    if (errors[name]) setErrors(({ [name]: _, ...rest }) => rest);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = check(report, new Date());
    setErrors(found);
    if (Object.keys(found).length === 0) void deliver();
  };
  const message = send.error && !send.isPending ? explain(send.error) : undefined;

  return (
    <form className="ly-stack ly-stack-l" onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} message={message} />
      {Boolean(units.error) && <Failed what={t("report.enheterna")} retry={units.refetch} />}
      <SelectField
        id="unit_id"
        label={t("report.enhet")}
        blank={t("report.valj_enhet")}
        options={unitOptions(units.data?.items ?? [])}
        value={report.unit_id}
        onChange={(event) => set("unit_id", event.target.value)}
        error={errors.unit_id}
      />
      <Chips
        name="category"
        label={t("report.vad_galler_det")}
        hint={t("report.valj_det_som_ligger_narmast")}
        value={report.category}
        onChange={(value) => set("category", value)}
        options={[
          ...quick.map((code) => ({ value: code.code, label: code.label })),
          { value: other, label: t("report.annat") },
        ]}
      />
      <Chips
        name="harm"
        label={t("report.kom_nagon_till_skada")}
        value={report.harm}
        onChange={(value) => set("harm", value)}
        options={harms}
      />
      {report.harm === "ALLVARLIG" && (
        <Alert tone="danger" title={t("report.ring_ocksa_din_chef_nu")} live>
          {t("report.allvarliga_handelser_kan_behova_utredas")}
        </Alert>
      )}
      <Check
        label={t("report.det_kan_vara_ett_missforhallande")}
        hint={t("report.nagon_har_farit_illa_eller")}
        checked={report.misconduct}
        onChange={(event) => set("misconduct", event.target.checked)}
      />
      <Textarea
        id="narrative"
        label={t("report.vad_hande")}
        hint={t("report.tva_meningar_racker_skriv_inte")}
        rows={4}
        maxLength={20_000}
        value={report.narrative}
        onChange={(event) => set("narrative", event.target.value)}
        error={errors.narrative}
        dir="auto"
      />
      <WhenFields report={report} set={set} error={errors.date} />
      <Details summary={t("report.mer_att_beratta_frivilligt")}>
        <More report={report} set={set} />
      </Details>
      <div className="report-send">
        <Button type="submit" icon="send" busy={send.isPending}>
          {t("report.skicka")}
        </Button>
        <Saved state={draft.state} />
      </div>
    </form>
  );
}

type Set = <Name extends keyof Report>(name: Name, value: Report[Name]) => void;

function WhenFields({ report, set, error }: { report: Report; set: Set; error: string | undefined }) {
  return (
    <div className="ly-stack ly-stack-s">
      <Chips
        name="when"
        label={t("report.nar_hande_det")}
        value={report.when}
        onChange={(value) => set("when", value as When)}
        options={whens}
      />
      {report.when !== "NYSS" && (
        <div className="ly-grid-2">
          {report.when === "ANNAN" && (
            <Field
              id="date"
              label={t("report.datum")}
              type="date"
              value={report.date}
              onChange={(event) => set("date", event.target.value)}
              error={error}
            />
          )}
          <Field
            id={report.when === "ANNAN" ? "clock" : "date"}
            label={t("report.klockslag")}
            optional
            type="time"
            value={report.clock}
            onChange={(event) => set("clock", event.target.value)}
            error={report.when === "IDAG" ? error : undefined}
          />
        </div>
      )}
    </div>
  );
}

function More({ report, set }: { report: Report; set: Set }) {
  return (
    <div className="ly-stack">
      <Textarea
        label={t("report.vad_gjorde_du_direkt")}
        optional
        rows={2}
        value={report.direct_measure}
        onChange={(event) => set("direct_measure", event.target.value)}
      />
      <Field
        label={t("report.var_hande_det")}
        hint={t("report.till_exempel_koket_hissen_hemma")}
        optional
        value={report.place}
        onChange={(event) => set("place", event.target.value)}
      />
      <Field
        label={t("report.vilka_var_inblandade")}
        hint={t("report.uppgifterna_visas_bara_for_dem")}
        optional
        value={report.people}
        onChange={(event) => set("people", event.target.value)}
      />
      <Field
        label={t("report.rapporterar_du_at_en_kollega")}
        optional
        value={report.on_behalf_of}
        onChange={(event) => set("on_behalf_of", event.target.value)}
      />
      <Check
        label={t("report.rapporten_handlar_om_chefen_for")}
        hint={t("report.da_gar_den_till_chefens")}
        checked={report.about_manager}
        onChange={(event) => set("about_manager", event.target.checked)}
      />
    </div>
  );
}
