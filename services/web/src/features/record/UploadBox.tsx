// Sends files, one after the other, and keeps what did not arrive so that it can be sent again.
import { useRef, useState } from "react";
import { explain } from "../../api/problems";
import { t } from "../../i18n";
import { Alert, Button } from "../../ui";
import { endings, mostBytes, type Sending, sending, size, upload } from "./upload";

export function UploadBox({ caseId, done }: { caseId: string; done: () => void }) {
  const [queue, setQueue] = useState<Sending[]>([]);
  const input = useRef<HTMLInputElement>(null);
  const change = (key: string, to: Partial<Sending>) =>
    setQueue((all) => all.map((one) => (one.key === key ? { ...one, ...to } : one)));
  const drop = (key: string) => setQueue((all) => all.filter((one) => one.key !== key));

  const send = async (one: Sending) => {
    change(one.key, { share: 0, error: undefined });
    try {
      await upload(caseId, one, (share) => change(one.key, { share }));
      drop(one.key);
      done();
    } catch (error) {
      change(one.key, { error });
    }
  };
  const choose = async (files: FileList | null) => {
    const chosen = [...(files ?? [])].map(sending);
    const fits = chosen.filter((one) => one.file.size <= mostBytes);
    setQueue((all) => [
      ...all,
      ...chosen.map((one) =>
        one.file.size <= mostBytes ? one : { ...one, error: new Error(t("record.for_stor")) },
      ),
    ]);
    if (input.current) input.current.value = "";
    for (const one of fits) await send(one);
  };
  return (
    <div className="ly-stack ly-stack-s">
      <div className="ds-field">
        <label className="ds-label" htmlFor="record-upload">
          {t("record.ladda_upp")}
        </label>
        <div data-field="description" id="record-upload-hint">
          {t("record.ladda_upp_text")}
        </div>
        <input
          ref={input}
          id="record-upload"
          className="ds-input"
          type="file"
          multiple
          accept={endings}
          aria-describedby="record-upload-hint"
          onChange={(event) => void choose(event.target.files)}
        />
      </div>
      {queue.length > 0 && (
        <ul className="record-queue" aria-live="polite">
          {queue.map((one) => (
            <li key={one.key}>
              <span>
                {one.name} <span className="ly-muted">({size(one.file.size)})</span>
              </span>
              {one.error === undefined ? (
                <progress max={1} value={one.share} aria-label={t("record.skickar", { name: one.name })} />
              ) : (
                <Alert tone="danger">
                  <p>{one.file.size > mostBytes ? t("record.for_stor") : explain(one.error)}</p>
                  <div className="ly-actions">
                    {one.file.size <= mostBytes && (
                      <Button variant="secondary" onClick={() => void send(one)}>
                        {t("action.retry")}
                      </Button>
                    )}
                    <Button variant="tertiary" onClick={() => drop(one.key)}>
                      {t("record.ta_bort")}
                    </Button>
                  </div>
                </Alert>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
