import { t } from "../../i18n";
import { useState } from "react";
import type { Case, Measure } from "../../api/model";
import { personOption, useCodes, usePeople } from "../../api/reference";
import { Alert, Check, Field, Radios, SelectField, Textarea } from "../../ui";
import { FormDialog } from "./FormDialog";

const blank = {
  title: "",
  cause_id: "",
  kind: "",
  strength: "",
  owner_id: "",
  due_on: "",
  affects_individual: false,
};

export function ProposeDialog({
  item,
  cause = "",
  onClose,
}: {
  item: Case;
  cause?: string;
  onClose: () => void;
}) {
  const [form, setForm] = useState({ ...blank, cause_id: cause });
  const codes = useCodes();
  const people = usePeople("owner", item.unit?.id);
  const set = (change: Partial<typeof blank>) => setForm({ ...form, ...change });
  const causes = (item.causes ?? []).map((cause) => ({ value: cause.id, label: cause.text }));
  const onlyWeak =
    form.strength === "SVAG" && (item.measures ?? []).every((measure) => measure.strength === "SVAG");
  const need: [keyof typeof blank, string][] = [
    ["title", t("case.skriv_vad_som_ska_goras")],
    ["kind", t("case.valj_slag_av_atgard")],
    ["strength", t("case.valj_styrka")],
    ["owner_id", t("case.valj_vem_som_ansvarar")],
    ["due_on", t("case.valj_nar_det_ska_vara")],
  ];
  return (
    <FormDialog
      item={item}
      title={t("case.foresla_atgard")}
      submit={t("case.lagg_till_atgarden")}
      done={t("case.atgarden_ar_tillagd")}
      template="/cases/{id}/measures"
      body={() => ({ ...form, title: form.title.trim(), cause_id: form.cause_id || undefined })}
      check={() => Object.fromEntries(need.filter(([name]) => !String(form[name]).trim()))}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Field
            id="title"
            label={t("case.vad_ska_goras")}
            value={form.title}
            onChange={(event) => set({ title: event.target.value })}
            error={errors.title}
          />
          <SelectField
            label={t("case.vilken_orsak_galler_det")}
            optional
            blank={t("case.ingen_sarskild")}
            options={causes}
            value={form.cause_id}
            onChange={(event) => set({ cause_id: event.target.value })}
          />
          <SelectField
            id="kind"
            label={t("case.slag_av_atgard")}
            blank={t("case.valj")}
            options={codes.options("measure_kind")}
            value={form.kind}
            onChange={(event) => set({ kind: event.target.value })}
            error={errors.kind}
          />
          <Radios
            name="strength"
            label={t("case.styrka")}
            value={form.strength}
            onChange={(strength) => set({ strength })}
            options={codes.options("measure_strength")}
            error={errors.strength}
          />
          {onlyWeak && <Alert tone="warning">{t("case.alla_atgarder_ar_svaga_utbildning")}</Alert>}
          <SelectField
            id="owner_id"
            label={t("case.ansvarig")}
            blank={t("case.valj_person")}
            options={(people.data?.items ?? []).map(personOption)}
            value={form.owner_id}
            onChange={(event) => set({ owner_id: event.target.value })}
            error={errors.owner_id}
          />
          <Field
            id="due_on"
            label={t("case.klar_senast")}
            type="date"
            value={form.due_on}
            onChange={(event) => set({ due_on: event.target.value })}
            error={errors.due_on}
          />
          <Check
            label={t("case.atgarden_paverkar_en_enskild_person")}
            checked={form.affects_individual}
            onChange={(event) => set({ affects_individual: event.target.checked })}
          />
        </>
      )}
    </FormDialog>
  );
}

type StepProps = { item: Case; measure: Measure; onClose: () => void };
const target = (measure: Measure) => ({ path: { id: measure.id }, version: measure.version });

export function DecideDialog({ item, measure, onClose }: StepProps) {
  const [decision, setDecision] = useState("");
  return (
    <FormDialog
      item={item}
      title={t("case.besluta_om", { title: measure.title })}
      submit={t("case.besluta")}
      done={t("case.beslutet_ar_sparat")}
      template="/measures/{id}/decide"
      target={target(measure)}
      body={() => ({ decision })}
      check={() => (decision ? {} : { decision: t("case.valj_beslut") })}
      onClose={onClose}
    >
      {(errors) => (
        <Radios
          name="decision"
          label={t("case.beslut")}
          value={decision}
          onChange={setDecision}
          error={errors.decision}
          options={[
            { value: "PLANERAD", label: t("case.genomfor_atgarden") },
            { value: "AVSLAGEN", label: t("case.avsla_atgarden") },
          ]}
        />
      )}
    </FormDialog>
  );
}

export function CompleteDialog({ item, measure, onClose }: StepProps) {
  const [on, setOn] = useState(new Date().toLocaleDateString("sv-SE"));
  return (
    <FormDialog
      item={item}
      title={t("case.ar_genomford", { title: measure.title })}
      submit={t("action.save")}
      done={t("case.atgarden_ar_genomford")}
      template="/measures/{id}/complete"
      target={target(measure)}
      body={() => ({ done_on: on })}
      check={() => (on ? {} : { done_on: t("case.valj_datum") })}
      onClose={onClose}
    >
      {(errors) => (
        <Field
          id="done_on"
          label={t("case.genomford")}
          type="date"
          value={on}
          onChange={(event) => setOn(event.target.value)}
          error={errors.done_on}
        />
      )}
    </FormDialog>
  );
}

export function FollowUpDialog({ item, measure, onClose }: StepProps) {
  const codes = useCodes();
  const [effect, setEffect] = useState("");
  const [method, setMethod] = useState("");
  const [note, setNote] = useState("");
  return (
    <FormDialog
      item={item}
      title={t("case.folj_upp", { title: measure.title })}
      submit={t("case.spara_uppfoljningen")}
      done={t("case.uppfoljningen_ar_sparad")}
      template="/measures/{id}/follow-up"
      target={target(measure)}
      body={() => ({ effect, method, note: note.trim() || undefined })}
      check={() => ({
        ...(effect ? {} : { effect: t("case.svara_om_atgarden_hjalpte") }),
        ...(method ? {} : { method: t("case.valj_hur_du_vet_det") }),
        ...(method === "ANNAT" && !note.trim() ? { note: t("case.skriv_hur_du_vet_det") } : {}),
      })}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Radios
            name="effect"
            label={t("case.hjalpte_atgarden")}
            value={effect}
            onChange={setEffect}
            error={errors.effect}
            options={[
              { value: "JA", label: t("case.ja") },
              { value: "DELVIS", label: t("case.delvis") },
              { value: "NEJ", label: t("case.nej"), hint: t("case.fundera_pa_en_starkare_atgard") },
            ]}
          />
          <SelectField
            id="method"
            label={t("case.hur_vet_du_det")}
            blank={t("case.valj")}
            options={codes.options("follow_up_method")}
            value={method}
            onChange={(event) => setMethod(event.target.value)}
            error={errors.method}
          />
          <Textarea
            id="note"
            label={t("case.vad_sag_du")}
            optional={method !== "ANNAT"}
            value={note}
            onChange={(event) => setNote(event.target.value)}
            error={errors.note}
          />
        </>
      )}
    </FormDialog>
  );
}
