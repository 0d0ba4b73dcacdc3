// Draws up a document from the tenant's template: written, looked at, then drawn up and in the register.
import { useState } from "react";
import { address, newKey, post } from "../../api/client";
import type { RecordList } from "../../api/model";
import { ApiError, explain, fieldErrors, NetworkError } from "../../api/problems";
import { t } from "../../i18n";
import {
  Button,
  Dialog,
  ErrorSummary,
  type FieldErrors,
  SelectField,
  Textarea,
  useShortcuts,
  useToast,
} from "../../ui";

type Props = { caseId: string; kinds: RecordList["kinds"]; done: () => void; onClose: () => void };

export function DrawDialog({ caseId, kinds, done, onClose }: Props) {
  const [kind, setKind] = useState(kinds[0]?.kind ?? "");
  const [text, setText] = useState("");
  const [to, setTo] = useState("");
  const [errors, setErrors] = useState<FieldErrors>({});
  const [message, setMessage] = useState<string>();
  const [busy, setBusy] = useState<"look" | "draw">();
  const [key] = useState(newKey);
  const say = useToast();
  const needText = kinds.find((one) => one.kind === kind)?.need_text ?? true;
  const body = () => ({
    kind,
    ...(needText ? { text: text.trim() } : {}),
    to: to
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  });
  const attempt = async (what: "look" | "draw", act: () => Promise<void>) => {
    if (busy) return;
    const wrong: FieldErrors = needText && !text.trim() ? { text: t("record.skriv_text") } : {};
    setErrors(wrong);
    setMessage(undefined);
    if (Object.keys(wrong).length > 0) return;
    setBusy(what);
    try {
      await act();
    } catch (error) {
      setErrors(fieldErrors(error));
      setMessage(explain(error));
    }
    setBusy(undefined);
  };
  const draw = () =>
    attempt("draw", async () => {
      await post("/cases/{id}/records", { path: { id: caseId }, body: body(), key });
      say(t("record.upprattad_klar"));
      done();
      onClose();
    });
  useShortcuts({ "Control+Enter": () => void draw() });
  return (
    <Dialog title={t("record.uppratta")} onClose={onClose} wide>
      <form
        className="ly-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void draw();
        }}
      >
        <ErrorSummary errors={errors} message={message} />
        <SelectField
          id="kind"
          label={t("record.slag")}
          options={kinds.map((one) => ({ value: one.kind, label: one.label }))}
          value={kind}
          onChange={(event) => setKind(event.target.value)}
        />
        {needText && (
          <Textarea
            id="text"
            label={t("record.text")}
            hint={t("record.text_hint")}
            rows={10}
            maxLength={20_000}
            value={text}
            error={errors.text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
        <Textarea
          id="to"
          label={t("record.mottagare")}
          hint={t("record.mottagare_hint")}
          optional
          rows={3}
          maxLength={400}
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
        <div className="ly-actions">
          <Button type="submit" busy={busy === "draw"}>
            {t("record.uppratta_nu")}
          </Button>
          <Button
            variant="secondary"
            icon="file"
            busy={busy === "look"}
            onClick={() => void attempt("look", () => preview(caseId, body()))}
          >
            {t("record.forhandsgranska")}
          </Button>
          <Button variant="tertiary" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Saves the draft as a file: the server lets no browser show what it sends as a page of ours. */
async function preview(caseId: string, body: unknown): Promise<void> {
  let response: Response;
  try {
    response = await fetch(address("/cases/{id}/records/preview", { id: caseId }), {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch (cause) {
    throw new NetworkError("no answer", { cause });
  }
  if (!response.ok) throw new ApiError(response.status, (await response.json().catch(() => ({}))) as object);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = t("record.utkast_fil");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
