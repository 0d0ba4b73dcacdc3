import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useAutosave } from "../../api/autosave";
import { discardDraft, loadDraft, saveDraft } from "../../api/drafts";
import type { Case } from "../../api/model";
import { explain } from "../../api/problems";
import { dateTime } from "../../i18n";
import { Alert, Button, Chips, Empty, Saved, Skeleton, Tag, Textarea, useToast } from "../../ui";
import { can, useMove } from "./useCase";

const kinds = [
  { value: "MEDDELANDE", label: "Meddelande" },
  { value: "FRAGA", label: "Fråga" },
  { value: "ANTECKNING", label: "Anteckning, bara för oss" },
];
const kindWords: Record<string, string> = {
  SVAR: "Svar",
  FRAGA: "Fråga",
  MEDDELANDE: "Meddelande",
  ANTECKNING: "Anteckning",
};

const fromOutside = (direction: string) => direction === "FRAN_ANMALARE";

export function MessagesTab({ item }: { item: Case }) {
  const messages = item.messages ?? [];
  return (
    <section className="ly-card ly-stack">
      <h2>Meddelanden</h2>
      {messages.length === 0 && (
        <Empty icon="chat" title="Inga meddelanden än">
          <p>Här syns svar, frågor och det som personen skriver tillbaka.</p>
        </Empty>
      )}
      <ol className="ly-talk">
        {messages.map((message) => (
          <li key={message.id} data-own={fromOutside(message.direction) ? undefined : ""} dir="auto">
            <small>
              {fromOutside(message.direction)
                ? "Personen som hörde av sig"
                : (message.author_name ?? "Enheten")}
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
    if (!body.trim()) return setError("Skriv något först");
    setError(undefined);
    draft.drop();
    move.mutate(
      { template: "/cases/{id}/messages", body: { kind, body: body.trim() } },
      {
        onSuccess: () => {
          setBody("");
          void discardDraft(form).catch(() => undefined);
          say(kind === "ANTECKNING" ? "Anteckningen är sparad." : "Meddelandet är skickat.");
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
      <Chips name="kind" label="Skriv" value={kind} onChange={setKind} options={kinds} />
      <Textarea
        label={kind === "ANTECKNING" ? "Anteckning" : "Text till personen"}
        value={body}
        onChange={(event) => {
          setBody(event.target.value);
          draft.change({ kind, body: event.target.value });
        }}
        error={error}
      />
      <div className="ly-actions">
        <Button type="submit" icon="send" busy={move.isPending}>
          {kind === "ANTECKNING" ? "Spara anteckningen" : "Skicka"}
        </Button>
        <Saved state={draft.state} />
      </div>
    </form>
  );
}
