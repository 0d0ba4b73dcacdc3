import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useAutosave } from "../../api/autosave";
import { discardDraft, loadDraft, saveDraft } from "../../api/drafts";
import type { Case } from "../../api/model";
import { explain } from "../../api/problems";
import { dateTime, t } from "../../i18n";
import { Alert, Button, Chips, Empty, Saved, Skeleton, Tag, Textarea, useToast } from "../../ui";
import { can, useMove } from "./useCase";

const kinds = [
  { value: "MEDDELANDE", label: t("case.meddelande") },
  { value: "FRAGA", label: t("case.fraga") },
  { value: "ANTECKNING", label: t("case.anteckning_bara_for_oss") },
];
const kindWords: Record<string, string> = {
  SVAR: t("case.svar"),
  FRAGA: t("case.fraga"),
  MEDDELANDE: t("case.meddelande"),
  ANTECKNING: t("case.anteckning"),
};

const fromOutside = (direction: string) => direction === "FRAN_ANMALARE";

export function MessagesTab({ item }: { item: Case }) {
  const messages = item.messages ?? [];
  return (
    <section className="ly-card ly-stack">
      <h2>{t("case.meddelanden")}</h2>
      {messages.length === 0 && (
        <Empty icon="chat" title={t("case.inga_meddelanden_an")}>
          <p>{t("case.har_syns_svar_fragor_och")}</p>
        </Empty>
      )}
      <ol className="ly-talk">
        {messages.map((message) => (
          <li key={message.id} data-own={fromOutside(message.direction) ? undefined : ""} dir="auto">
            <small>
              {fromOutside(message.direction)
                ? t("case.personen_som_horde_av_sig")
                : (message.author_name ?? t("case.enheten"))}
              , {dateTime(message.at)} {kindWords[message.kind] && <Tag>{kindWords[message.kind]}</Tag>}
            </small>
            {message.body}
          </li>
        ))}
      </ol>
      {can(item, "send-message") && <Write item={item} />}
    </section>
  );
}

type Words = { kind: string; body: string };

function Write({ item }: { item: Case }) {
  const form = `message:${item.id}`;
  const draft = useQuery({
    queryKey: ["read-draft", form],
    queryFn: () => loadDraft(form),
    gcTime: 0,
    retry: false,
  });
  if (draft.isPending) return <Skeleton rows={3} />;
  return <WriteForm item={item} form={form} start={(draft.data?.body as Partial<Words> | undefined) ?? {}} />;
}

function WriteForm({ item, form, start }: { item: Case; form: string; start: Partial<Words> }) {
  const [kind, setKind] = useState(start.kind ?? "MEDDELANDE");
  const [body, setBody] = useState(start.body ?? "");
  const [error, setError] = useState<string>();
  const move = useMove(item);
  const say = useToast();
  const draft = useAutosave<Words>((value) => saveDraft(form, value));
  const send = () => {
    if (!body.trim()) return setError(t("case.skriv_nagot_forst"));
    setError(undefined);
    draft.drop();
    move.mutate(
      { template: "/cases/{id}/messages", body: { kind, body: body.trim() } },
      {
        onSuccess: () => {
          setBody("");
          void discardDraft(form).catch(() => undefined);
          say(kind === "ANTECKNING" ? t("case.anteckningen_ar_sparad") : t("case.meddelandet_ar_skickat"));
        },
      },
    );
  };
  return (
    <form
      className="ly-stack"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {move.error && !move.isPending && (
        <Alert tone="danger" live>
          {explain(move.error)}
        </Alert>
      )}
      <Chips name="kind" label={t("case.skriv")} value={kind} onChange={setKind} options={kinds} />
      <Textarea
        label={kind === "ANTECKNING" ? t("case.anteckning") : t("case.text_till_personen")}
        value={body}
        onChange={(event) => {
          setBody(event.target.value);
          draft.change({ kind, body: event.target.value });
        }}
        error={error}
      />
      <div className="ly-actions">
        <Button type="submit" icon="send" busy={move.isPending}>
          {kind === "ANTECKNING" ? t("case.spara_anteckningen") : t("case.skicka")}
        </Button>
        <Saved state={draft.state} />
      </div>
    </form>
  );
}
