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

export function ProposeDialog({ item, onClose }: { item: Case; onClose: () => void }) {
  const [form, setForm] = useState(blank);
  const codes = useCodes();
  const people = usePeople("owner", item.unit?.id);
  const set = (change: Partial<typeof blank>) => setForm({ ...form, ...change });
  const causes = (item.causes ?? []).map((cause) => ({ value: cause.id, label: cause.text }));
  const onlyWeak =
    form.strength === "SVAG" && (item.measures ?? []).every((measure) => measure.strength === "SVAG");
  const need: [keyof typeof blank, string][] = [
    ["title", "Skriv vad som ska göras"],
    ["kind", "Välj slag av åtgärd"],
    ["strength", "Välj styrka"],
    ["owner_id", "Välj vem som ansvarar"],
    ["due_on", "Välj när det ska vara klart"],
  ];
  return (
    <FormDialog
      item={item}
      title="Föreslå åtgärd"
      submit="Lägg till åtgärden"
      done="Åtgärden är tillagd."
      template="/cases/{id}/measures"
      body={() => ({ ...form, title: form.title.trim(), cause_id: form.cause_id || undefined })}
      check={() => Object.fromEntries(need.filter(([name]) => !String(form[name]).trim()))}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Field
            id="title"
            label="Vad ska göras?"
            value={form.title}
            onChange={(event) => set({ title: event.target.value })}
            error={errors.title}
          />
          <SelectField
            label="Vilken orsak gäller det?"
            optional
            blank="Ingen särskild"
            options={causes}
            value={form.cause_id}
            onChange={(event) => set({ cause_id: event.target.value })}
          />
          <SelectField
            id="kind"
            label="Slag av åtgärd"
            blank="Välj"
            options={codes.options("measure_kind")}
            value={form.kind}
            onChange={(event) => set({ kind: event.target.value })}
            error={errors.kind}
          />
          <Radios
            name="strength"
            label="Styrka"
            value={form.strength}
            onChange={(strength) => set({ strength })}
            options={codes.options("measure_strength")}
            error={errors.strength}
          />
          {onlyWeak && (
            <Alert tone="warning">
              Alla åtgärder är svaga. Utbildning och påminnelser hjälper sällan länge. Finns något som bygger
              bort felet?
            </Alert>
          )}
          <SelectField
            id="owner_id"
            label="Ansvarig"
            blank="Välj person"
            options={(people.data?.items ?? []).map(personOption)}
            value={form.owner_id}
            onChange={(event) => set({ owner_id: event.target.value })}
            error={errors.owner_id}
          />
          <Field
            id="due_on"
            label="Klar senast"
            type="date"
            value={form.due_on}
            onChange={(event) => set({ due_on: event.target.value })}
            error={errors.due_on}
          />
          <Check
            label="Åtgärden påverkar en enskild person"
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
      title={`Besluta om ”${measure.title}”`}
      submit="Besluta"
      done="Beslutet är sparat."
      template="/measures/{id}/decide"
      target={target(measure)}
      body={() => ({ decision })}
      check={() => (decision ? {} : { decision: "Välj beslut" })}
      onClose={onClose}
    >
      {(errors) => (
        <Radios
          name="decision"
          label="Beslut"
          value={decision}
          onChange={setDecision}
          error={errors.decision}
          options={[
            { value: "PLANERAD", label: "Genomför åtgärden" },
            { value: "AVSLAGEN", label: "Avslå åtgärden" },
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
      title={`”${measure.title}” är genomförd`}
      submit="Spara"
      done="Åtgärden är genomförd."
      template="/measures/{id}/complete"
      target={target(measure)}
      body={() => ({ done_on: on })}
      check={() => (on ? {} : { done_on: "Välj datum" })}
      onClose={onClose}
    >
      {(errors) => (
        <Field
          id="done_on"
          label="Genomförd"
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
  const [effect, setEffect] = useState("");
  const [method, setMethod] = useState("");
  const [note, setNote] = useState("");
  return (
    <FormDialog
      item={item}
      title={`Följ upp ”${measure.title}”`}
      submit="Spara uppföljningen"
      done="Uppföljningen är sparad."
      template="/measures/{id}/follow-up"
      target={target(measure)}
      body={() => ({ effect, method: method.trim(), note: note.trim() || undefined })}
      check={() => ({
        ...(effect ? {} : { effect: "Svara om åtgärden hjälpte" }),
        ...(method.trim() ? {} : { method: "Skriv hur du vet det" }),
      })}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Radios
            name="effect"
            label="Hjälpte åtgärden?"
            value={effect}
            onChange={setEffect}
            error={errors.effect}
            options={[
              { value: "JA", label: "Ja" },
              { value: "DELVIS", label: "Delvis" },
              { value: "NEJ", label: "Nej", hint: "Fundera på en starkare åtgärd." },
            ]}
          />
          <Field
            id="method"
            label="Hur vet du det?"
            hint="Till exempel stickprov eller samtal."
            maxLength={60}
            value={method}
            onChange={(event) => setMethod(event.target.value)}
            error={errors.method}
          />
          <Textarea
            label="Vad såg du?"
            optional
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </>
      )}
    </FormDialog>
  );
}
