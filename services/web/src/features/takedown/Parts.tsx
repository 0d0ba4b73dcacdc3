import { t } from "../../i18n";
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
      <h2>{t("takedown.det_som_kom_in")}</h2>
      <div className="ly-grid-2">
        <SelectField
          id="channel"
          label={t("takedown.hur_kom_det_in")}
          blank={t("takedown.valj")}
          options={codes.options("channel").filter((option) => handled.test(option.value))}
          value={form.channel}
          onChange={(event) => set({ channel: event.target.value })}
          error={errors.channel}
        />
        <Field
          id="arrived_on"
          label={t("takedown.vilken_dag")}
          hint={t("takedown.for_brev_dagen_det_nadde")}
          type="date"
          value={form.arrived_on}
          onChange={(event) => set({ arrived_on: event.target.value })}
          error={errors.arrived_on}
        />
        <SelectField
          id="sender_role"
          label={t("takedown.fran_vem")}
          blank={t("takedown.valj")}
          options={codes.options("sender_role")}
          value={form.sender_role}
          onChange={(event) => set({ sender_role: event.target.value })}
          error={errors.sender_role}
        />
        <SelectField
          label={t("takedown.enhet")}
          optional
          blank={t("takedown.vet_inte")}
          options={units.options}
          value={form.unit_id}
          onChange={(event) => set({ unit_id: event.target.value })}
        />
      </div>
      <Textarea
        id="narrative"
        label={t("takedown.vad_berattar_personen")}
        hint={t("takedown.personens_egna_ord_sa_langt")}
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
          label={t("takedown.hur_gick_det_till")}
          hint={t("takedown.vem_tog_emot_nar_och")}
          rows={2}
          value={form.note}
          onChange={(event) => set({ note: event.target.value })}
          error={errors.note}
        />
      )}
      <Check
        label={t("takedown.det_handlar_om_chefen_for")}
        hint={t("takedown.da_gar_arendet_till_chefens")}
        checked={form.about_manager}
        onChange={(event) => set({ about_manager: event.target.checked })}
      />
    </section>
  );
}

const replies = [
  { value: "NEJ", label: t("takedown.nej") },
  { value: "KOD", label: t("takedown.ja_med_kod"), hint: t("takedown.personen_laser_svaret_pa_webben") },
  { value: "TELEFON", label: t("takedown.ja_pa_telefon") },
  { value: "EPOST", label: t("takedown.ja_med_e_post") },
  { value: "BREV", label: t("takedown.ja_med_brev") },
];

export function Person({ form, set, errors }: Props) {
  return (
    <section className="ly-card ly-stack">
      <h2>{t("takedown.personen_och_svaret")}</h2>
      <Check
        label={t("takedown.personen_vill_vara_anonym")}
        checked={form.anonymous}
        onChange={(event) => set({ anonymous: event.target.checked })}
      />
      <Radios
        name="wants_reply"
        label={t("takedown.vill_personen_ha_svar")}
        value={form.wants_reply}
        onChange={(wants_reply) => set({ wants_reply })}
        options={form.anonymous ? replies.slice(0, 2) : replies}
        error={errors.wants_reply}
      />
      {!form.anonymous && (
        <div className="ly-grid-2">
          <Field
            label={t("takedown.namn")}
            optional
            autoComplete="off"
            value={form.name}
            onChange={(event) => set({ name: event.target.value })}
          />
          <Field
            id="phone"
            label={t("takedown.telefon")}
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
            label={t("takedown.adress")}
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
