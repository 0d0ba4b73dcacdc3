import { useCodes, useUnits } from "../../api/reference";
import { Check, Field, type FieldErrors, Radios, SelectField, Textarea } from "../../ui";
import { isOral, type TakenDown } from "./form";

type Props = { form: TakenDown; set: (change: Partial<TakenDown>) => void; errors: FieldErrors };

const handled = /^(MUNTLIG|EPOST|SMS|BREV|BROSCHYR|ALDRE)/;

export function Words({ form, set, errors }: Props) {
  const codes = useCodes();
  const units = useUnits();
  return (
    <section className="ly-card ly-stack">
      <h2>Det som kom in</h2>
      <div className="ly-grid-2">
        <SelectField
          id="channel"
          label="Hur kom det in?"
          blank="Välj"
          options={codes.options("channel").filter((option) => handled.test(option.value))}
          value={form.channel}
          onChange={(event) => set({ channel: event.target.value })}
          error={errors.channel}
        />
        <Field
          id="arrived_on"
          label="Vilken dag?"
          hint="För brev: dagen det nådde oss."
          type="date"
          value={form.arrived_on}
          onChange={(event) => set({ arrived_on: event.target.value })}
          error={errors.arrived_on}
        />
        <SelectField
          id="sender_role"
          label="Från vem?"
          blank="Välj"
          options={codes.options("sender_role")}
          value={form.sender_role}
          onChange={(event) => set({ sender_role: event.target.value })}
          error={errors.sender_role}
        />
        <SelectField
          label="Enhet"
          optional
          blank="Vet inte"
          options={units.options}
          value={form.unit_id}
          onChange={(event) => set({ unit_id: event.target.value })}
        />
      </div>
      <Textarea
        id="narrative"
        label="Vad berättar personen?"
        hint="Personens egna ord, så långt det går. Texten går inte att ändra sedan."
        rows={8}
        maxLength={20_000}
        dir="auto"
        value={form.narrative}
        onChange={(event) => set({ narrative: event.target.value })}
        error={errors.narrative}
      />
      {isOral(form.channel) && (
        <Textarea
          id="note"
          label="Hur gick det till?"
          hint="Vem tog emot, när, och om texten lästes upp för personen."
          rows={2}
          value={form.note}
          onChange={(event) => set({ note: event.target.value })}
          error={errors.note}
        />
      )}
      <Check
        label="Det handlar om chefen för enheten"
        hint="Då går ärendet till chefens chef."
        checked={form.about_manager}
        onChange={(event) => set({ about_manager: event.target.checked })}
      />
    </section>
  );
}

const replies = [
  { value: "NEJ", label: "Nej" },
  { value: "KOD", label: "Ja, med kod", hint: "Personen läser svaret på webben och kan vara anonym." },
  { value: "TELEFON", label: "Ja, på telefon" },
  { value: "EPOST", label: "Ja, med e-post" },
  { value: "BREV", label: "Ja, med brev" },
];

export function Person({ form, set, errors }: Props) {
  return (
    <section className="ly-card ly-stack">
      <h2>Personen och svaret</h2>
      <Check
        label="Personen vill vara anonym"
        checked={form.anonymous}
        onChange={(event) => set({ anonymous: event.target.checked })}
      />
      <Radios
        name="wants_reply"
        label="Vill personen ha svar?"
        value={form.wants_reply}
        onChange={(wants_reply) => set({ wants_reply })}
        options={form.anonymous ? replies.slice(0, 2) : replies}
        error={errors.wants_reply}
      />
      {!form.anonymous && (
        <div className="ly-grid-2">
          <Field
            label="Namn"
            optional
            autoComplete="off"
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
          />
          <Field
            id="phone"
            label="Telefon"
            type="tel"
            optional={form.wants_reply !== "TELEFON"}
            autoComplete="off"
            value={form.phone}
            onChange={(event) => set({ phone: event.target.value })}
            error={errors.phone}
          />
          <Field
            id="email"
            label="E-post"
            type="email"
            optional={form.wants_reply !== "EPOST"}
            autoComplete="off"
            value={form.email}
            onChange={(event) => set({ email: event.target.value })}
            error={errors.email}
          />
          <Field
            id="address"
            label="Adress"
            optional={form.wants_reply !== "BREV"}
            autoComplete="off"
            value={form.address}
            onChange={(event) => set({ address: event.target.value })}
            error={errors.address}
          />
        </div>
      )}
    </section>
  );
}
