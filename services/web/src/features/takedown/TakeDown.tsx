import { t } from "../../i18n";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useAutosave } from "../../api/autosave";
import { post } from "../../api/client";
import { discardDraft, loadDraft, saveDraft } from "../../api/drafts";
import type { Receipt } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import { useSession } from "../../app/session";
import { Button, ButtonLink, ErrorSummary, type FieldErrors, Page, Saved, Skeleton } from "../../ui";
import { blankTakenDown, check, type TakenDown, toRequest } from "./form";
import { Person, Words } from "./Parts";

const draftName = "taken-down";
const today = () => new Date().toLocaleDateString("sv-SE");

/** A call, a visit, a letter or a brochure, taken down for the person it came from. */
export function TakeDown() {
  const [receipt, setReceipt] = useState<Receipt>();
  const [round, setRound] = useState(0);
  const draft = useQuery({
    queryKey: ["read-draft", draftName, round],
    queryFn: () => loadDraft(draftName),
    gcTime: 0,
    retry: false,
    enabled: !receipt,
  });
  if (receipt) {
    return (
      <Taken
        receipt={receipt}
        onAgain={() => {
          setReceipt(undefined);
          setRound(round + 1);
        }}
      />
    );
  }
  return (
    <Page title={t("takedown.ta_emot")} lead={t("takedown.skriv_ner_det_nagon_har")} narrow>
      {draft.isPending ? (
        <Skeleton rows={8} />
      ) : (
        <TakeDownForm
          key={round}
          start={{ ...blankTakenDown(today()), ...(draft.data?.body as Partial<TakenDown> | undefined) }}
          onSent={setReceipt}
        />
      )}
    </Page>
  );
}

function TakeDownForm({ start, onSent }: { start: TakenDown; onSent: (receipt: Receipt) => void }) {
  const [form, setForm] = useState(start);
  const [errors, setErrors] = useState<FieldErrors>({});
  const queries = useQueryClient();
  const draft = useAutosave<TakenDown>((value) => saveDraft(draftName, value));
  const send = useMutation({
    mutationFn: () => {
      draft.drop();
      return post<Receipt>("/cases/taken-down", { body: toRequest(form), key: form.key });
    },
    onSuccess: (receipt) => {
      void discardDraft(draftName).catch(() => undefined);
      void queries.invalidateQueries({ queryKey: ["register-queue"] });
      onSent(receipt);
    },
    onError: (error) => {
      setErrors(fieldErrors(error));
      draft.change(form);
    },
  });
  const set = (change: Partial<TakenDown>) => {
    const next = { ...form, ...change };
    setForm(next);
    draft.change(next);
  };
  return (
    <form
      className="ly-stack ly-stack-l"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const found = check(form, today());
        setErrors(found);
        if (Object.keys(found).length === 0) send.mutate();
      }}
    >
      <ErrorSummary
        errors={errors}
        message={send.error && !send.isPending ? explain(send.error) : undefined}
      />
      <Words form={form} set={set} errors={errors} />
      <Person form={form} set={set} errors={errors} />
      <div className="ly-actions">
        <Button type="submit" busy={send.isPending}>
          {t("action.save")}
        </Button>
        <Saved state={draft.state} />
      </div>
    </form>
  );
}

/** A receipt code is shown once, here, to be read out or handed over. */
function Taken({ receipt, onAgain }: { receipt: Receipt; onAgain: () => void }) {
  const { may } = useSession();
  return (
    <Page
      title={t("takedown.det_ar_mottaget")}
      lead={t("takedown.nummer", { reference: receipt.reference })}
      narrow
    >
      <div className="ly-stack">
        {receipt.receipt_code && (
          <section className="ly-card ly-stack">
            <h2>{t("takedown.personens_kod")}</h2>
            <p>{t("takedown.las_upp_koden_eller_skriv")}</p>
            <output className="ly-code">{receipt.receipt_code}</output>
            <div className="ly-actions">
              <Button variant="secondary" icon="print" onClick={() => window.print()}>
                {t("takedown.skriv_ut")}
              </Button>
            </div>
          </section>
        )}
        <div className="ly-actions">
          {may("case:register") && (
            <ButtonLink to={`/registrera/${receipt.id}`} icon="next">
              {t("takedown.registrera_nu")}
            </ButtonLink>
          )}
          <Button variant="secondary" onClick={onAgain}>
            {t("takedown.ta_emot_en_till")}
          </Button>
        </div>
      </div>
    </Page>
  );
}
