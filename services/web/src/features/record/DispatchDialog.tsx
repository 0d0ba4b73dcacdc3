// Notes that a document was sent: to whom, how, when.
import { useState } from "react";
import { post } from "../../api/client";
import type { RecordView } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import { dateShort, t } from "../../i18n";
import {
  Button,
  Dialog,
  ErrorSummary,
  Field,
  type FieldErrors,
  Radios,
  useShortcuts,
  useToast,
} from "../../ui";

type Props = { caseId: string; record: RecordView; done: () => void; onClose: () => void };

const ways = [
  { value: "BREV", label: t("record.brev") },
  { value: "SAKER_PORTAL", label: t("record.kvittosidan") },
  { value: "EPOST", label: t("record.epost") },
  { value: "OVERLAMNAD", label: t("record.overlamnad") },
];

export function DispatchDialog({ caseId, record, done, onClose }: Props) {
  const [way, setWay] = useState("BREV");
  const [to, setTo] = useState("");
  const [on, setOn] = useState(() => dateShort(new Date()));
  const [errors, setErrors] = useState<FieldErrors>({});
  const [message, setMessage] = useState<string>();
  const [busy, setBusy] = useState(false);
  const say = useToast();
  const send = async () => {
    if (busy) return;
    const wrong: FieldErrors = to.trim().length < 2 ? { to: t("record.skriv_vem") } : {};
    setErrors(wrong);
    setMessage(undefined);
    if (Object.keys(wrong).length > 0) return;
    setBusy(true);
    try {
      await post("/cases/{id}/records/{record_id}/dispatches", {
        path: { id: caseId, record_id: record.id },
        body: { way, to: to.trim(), sent_on: on },
      });
      say(t("record.skickad_klar"));
      done();
      onClose();
    } catch (error) {
      setErrors(fieldErrors(error));
      setMessage(explain(error));
      setBusy(false);
    }
  };
  useShortcuts({ "Control+Enter": () => void send() });
  return (
    <Dialog title={t("record.anteckna_skickad")} onClose={onClose}>
      <form
        className="ly-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <ErrorSummary errors={errors} message={message} />
        <p>
          {record.label} {record.entry_no}
        </p>
        <Radios label={t("record.hur")} name="way" value={way} onChange={setWay} options={ways} />
        <Field
          id="to"
          label={t("record.till_vem")}
          maxLength={400}
          value={to}
          error={errors.to}
          onChange={(event) => setTo(event.target.value)}
        />
        <Field
          id="sent_on"
          label={t("record.nar")}
          type="date"
          value={on}
          error={errors.sent_on}
          onChange={(event) => setOn(event.target.value)}
        />
        <div className="ly-actions">
          <Button type="submit" busy={busy}>
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
