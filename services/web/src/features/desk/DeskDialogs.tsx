import { t } from "../../i18n";
import { type ReactNode, useState } from "react";
import type { Case } from "../../api/model";
import { Button, Field, Radios, SelectField, Textarea } from "../../ui";
import { FormDialog } from "../case/FormDialog";
import { check, type Registration, toRequest } from "./registration";

export type DeskAct = "link" | "return" | "hold";
type Props = {
  item: Case;
  form: Registration;
  /** The number to join to, when it was chosen among the likely ones. */
  target?: string;
  onClose: () => void;
  onDone: (done: Case) => void;
};

/** What is wrong in the registration itself is said in the dialog: the entry is made in the same moment. */
const subjectOf = (form: Registration) => check({ ...form, assign: false }).subject;

/** The report belongs to a case that is there already. */
export function LinkDialog({ item, form, target = "", onClose, onDone }: Props) {
  const [to, setTo] = useState(target);
  const [kind, setKind] = useState(target ? "DUBBLETT" : "FORTSATTNING");
  return (
    <FormDialog
      item={item}
      title={t("desk.for_till_ett_arende_som")}
      submit={t("desk.registrera_och_for_dit")}
      done={t("desk.rapporten_ar_registrerad_och_ford", { to })}
      template="/cases/{id}/link"
      body={() => ({ target: to.trim(), kind, registration: toRequest({ ...form, assign: false }) })}
      check={() => ({
        target: to.trim().length < 3 ? t("desk.skriv_arendets_diarienummer_eller_referens") : undefined,
        subject: subjectOf(form),
      })}
      onClose={onClose}
      onDone={onDone}
    >
      {(errors) => (
        <>
          <p className="ly-muted">{t("desk.rapporten_far_ett_eget_nummer")}</p>
          <Field
            id="target"
            label={t("desk.arendets_nummer")}
            value={to}
            maxLength={60}
            onChange={(event) => setTo(event.target.value)}
            error={errors.target ?? errors.subject}
          />
          <Radios
            name="link_kind"
            label={t("desk.hur_hor_de_ihop")}
            value={kind}
            onChange={setKind}
            options={[
              {
                value: "DUBBLETT",
                label: t("desk.samma_handelse"),
                hint: t("desk.den_ar_redan_berattad_en"),
              },
              { value: "FORTSATTNING", label: t("desk.fortsattning"), hint: t("desk.nytt_i_samma_arende") },
            ]}
          />
        </>
      )}
    </FormDialog>
  );
}

const returnCodes = [
  {
    value: "OFULLSTANDIG",
    label: t("desk.gar_inte_att_forsta_utan"),
    hint: t("desk.vantar_fem_arbetsdagar_pa_svar"),
  },
  {
    value: "FEL_NAMND",
    label: t("desk.en_annan_myndighet_svarar_for"),
    hint: t("desk.registreras_och_avslutas_har"),
  },
  {
    value: "INGET_ARENDE",
    label: t("desk.inte_en_synpunkt_ett_klagomal"),
    hint: t("desk.registreras_och_avslutas_har"),
  },
];

const returnTexts: Record<string, string> = {
  OFULLSTANDIG: t("desk.tack_for_att_du_horde_3"),
  FEL_NAMND: t("desk.tack_for_att_du_horde_2"),
  INGET_ARENDE: t("desk.tack_for_att_du_horde"),
};

/** Back to who wrote, with a reason and words. */
export function ReturnDialog({ item, form, onClose, onDone }: Props) {
  const [code, setCode] = useState("OFULLSTANDIG");
  const [message, setMessage] = useState(returnTexts.OFULLSTANDIG ?? "");
  const choose = (next: string) => {
    if (message.trim() === (returnTexts[code] ?? "").trim()) setMessage(returnTexts[next] ?? "");
    setCode(next);
  };
  const whole = code !== "OFULLSTANDIG";
  const reachable = item.wants_reply !== "NEJ" || item.reporter;
  return (
    <FormDialog
      item={item}
      title={t("desk.skicka_tillbaka_2")}
      submit={t("desk.skicka_tillbaka_2")}
      done={whole ? t("desk.rapporten_ar_registrerad_och_skickad") : t("desk.fragan_ar_stalld_rapporten_ar")}
      template="/cases/{id}/return"
      body={() => ({
        code,
        message: message.trim(),
        registration: whole ? toRequest({ ...form, assign: false }) : undefined,
      })}
      check={() => ({
        message:
          message.trim().length < 3 || message.trim() === (returnTexts[code] ?? "").trim()
            ? t("desk.skriv_fardigt_vad_den_som")
            : undefined,
        subject: whole ? subjectOf(form) : undefined,
      })}
      onClose={onClose}
      onDone={onDone}
    >
      {(errors) => (
        <>
          <Radios
            name="code"
            label={t("desk.varfor")}
            value={code}
            onChange={choose}
            options={returnCodes}
            error={errors.subject}
          />
          <Textarea
            id="message"
            label={t("desk.till_den_som_skrev")}
            hint={
              reachable ? t("desk.lases_under_mina_rapporter_eller") : t("desk.personen_har_inte_bett_om")
            }
            maxLength={4000}
            value={message}
            onChange={(event) => setMessage(event.target.value)}
            error={errors.message}
          />
        </>
      )}
    </FormDialog>
  );
}

const reasons = [
  { value: "INTERN_FRAGA", label: t("desk.fragar_nagon_hos_oss") },
  { value: "KOMPLETTERING", label: t("desk.vantar_pa_komplettering") },
  { value: "FLER_HANDLINGAR", label: t("desk.fler_handlingar_ar_pa_vag") },
  { value: "ANNAT", label: t("desk.annat") },
];

/** Tomorrow, or the Monday after. */
export function nextDay(now = new Date()): string {
  const day = new Date(now);
  do day.setDate(day.getDate() + 1);
  while (day.getDay() === 0 || day.getDay() === 6);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** Set aside until a day. */
export function HoldDialog({ item, onClose, onDone }: Props) {
  const [until, setUntil] = useState(nextDay);
  const [reason, setReason] = useState("INTERN_FRAGA");
  return (
    <FormDialog
      item={item}
      title={t("desk.vanta_med_rapporten")}
      submit={t("desk.lagg_undan")}
      done={t("desk.undanlagd_till_2", { until })}
      template="/cases/{id}/hold"
      body={() => ({ until_on: until, reason })}
      check={() => ({ until_on: until ? undefined : t("desk.valj_en_dag") })}
      onClose={onClose}
      onDone={onDone}
    >
      {(errors) => (
        <>
          <p className="ly-muted">{t("desk.den_kommer_tillbaka_i_kon")}</p>
          <Field
            id="until_on"
            type="date"
            label={t("desk.till_och_med")}
            value={until}
            onChange={(event) => setUntil(event.target.value)}
            error={errors.until_on}
          />
          <SelectField
            label={t("desk.varfor")}
            options={reasons}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </>
      )}
    </FormDialog>
  );
}

const dialogs: Record<DeskAct, (props: Props) => ReactNode> = {
  link: LinkDialog,
  return: ReturnDialog,
  hold: HoldDialog,
};

export function DeskDialog({ act, ...props }: Props & { act: DeskAct }) {
  const Dialog = dialogs[act];
  return <Dialog {...props} />;
}

/** The other ways than registering, all by keyboard. */
export function OtherWays({ open }: { open: (act: DeskAct) => void }) {
  return (
    <div className="desk-ways" role="group" aria-label={t("desk.annat_an_att_registrera")}>
      <Button variant="secondary" onClick={() => open("link")} keys="Alt+L">
        {t("desk.for_till_arende")}
      </Button>
      <Button variant="secondary" onClick={() => open("hold")} keys="Alt+V">
        {t("desk.vanta")}
      </Button>
      <Button variant="secondary" onClick={() => open("return")} keys="Alt+B">
        {t("desk.skicka_tillbaka")}
      </Button>
    </div>
  );
}
