import { type FormEvent, useState } from "react";
import type { LexItem, LexTrack } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import { dateLong, dateTime } from "../../i18n";
import {
  Button,
  Check,
  Chips,
  Dialog,
  ErrorSummary,
  Facts,
  Field,
  type FieldErrors,
  Icon,
  Radios,
  Tag,
  Textarea,
  useToast,
} from "../../ui";
import { useLexMove } from "./useLex";
import { concerned, entryKinds, kinds, labelOf, told, yesNo } from "./words";

const can = (item: LexTrack, act: string) => item.actions.some((one) => one.act === act && one.allowed);

/** All that the documentation must show, with who wrote what, when, and whether it is a fact. Nothing is ever changed. */
export function Investigation({ item }: { item: LexTrack }) {
  const [adding, setAdding] = useState<LexItem>();
  const open = can(item, "add-lex-entry");
  return (
    <>
      <section className="ly-card ly-stack">
        <h2>Utredning</h2>
        <ol className="lex-items">
          {item.items.map((one) => (
            <li key={one.code} data-ok={one.entries.length > 0 ? "" : undefined}>
              <div className="ly-row ly-between">
                <h3>
                  <Icon name={one.entries.length > 0 ? "check" : "pen"} /> {one.label}
                </h3>
                {open && (
                  <Button variant="secondary" icon="plus" onClick={() => setAdding(one)} aria-label={`Skriv: ${one.label}`}>
                    Skriv
                  </Button>
                )}
              </div>
              {one.entries.length === 0 && (
                <p className="ly-muted ly-small">{one.needed ? "Inget skrivet än." : "Inget skrivet. Frivilligt."}</p>
              )}
              {one.entries.map((entry) => (
                <article key={entry.id} className="lex-entry">
                  <p dir="auto">{entry.text}</p>
                  <p className="ly-muted ly-small">
                    <Tag tone={entry.kind === "FAKTA" ? "info" : "calm"}>{labelOf(entryKinds, entry.kind)}</Tag>{" "}
                    {entry.happened_on && `Gjort ${dateLong(entry.happened_on)}. `}
                    {`Källa: ${entry.source}. ${entry.author_name}, ${entry.author_title}, ${dateTime(entry.documented_at)}.`}
                  </p>
                </article>
              ))}
            </li>
          ))}
        </ol>
      </section>
      <Questions key={item.version} item={item} />
      {adding && <EntryDialog item={item} about={adding} onClose={() => setAdding(undefined)} />}
    </>
  );
}

function EntryDialog({ item, about, onClose }: { item: LexTrack; about: LexItem; onClose: () => void }) {
  const [kind, setKind] = useState("FAKTA");
  const [source, setSource] = useState("");
  const [text, setText] = useState("");
  const [day, setDay] = useState("");
  const [errors, setErrors] = useState<FieldErrors>({});
  const move = useLexMove(item);
  const say = useToast();
  const dated = about.code === "ATGARDER";
  const send = (event: FormEvent) => {
    event.preventDefault();
    const found: FieldErrors = {
      ...(text.trim() ? {} : { text: "Skriv anteckningen" }),
      ...(source.trim() ? {} : { source: "Skriv var uppgiften kommer från" }),
      ...(dated && !day ? { happened_on: "Välj vilken dag det gjordes" } : {}),
    };
    setErrors(found);
    if (Object.keys(found).length > 0 || move.isPending) return;
    move.mutate(
      {
        template: "/lex/cases/{id}/entries",
        body: { item: about.code, kind, source, text, happened_on: day || undefined },
      },
      {
        onSuccess: () => {
          say("Anteckningen är sparad");
          onClose();
        },
        onError: (error) => setErrors(fieldErrors(error)),
      },
    );
  };
  return (
    <Dialog title={about.label} wide onClose={onClose}>
      <form className="ly-stack" noValidate onSubmit={send}>
        <p className="ly-muted">En sparad anteckning kan inte ändras. Blev något fel, skriv en ny.</p>
        <ErrorSummary errors={errors} message={move.error && !move.isPending ? explain(move.error) : undefined} />
        <Textarea
          id="text"
          label="Anteckning"
          rows={6}
          maxLength={20_000}
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={errors.text}
        />
        <Chips name="kind" label="Är det fakta eller en bedömning?" value={kind} onChange={setKind} options={entryKinds} />
        <Field
          id="source"
          label="Var kommer uppgiften från?"
          hint="Till exempel samtal med nattpersonalen, genomförandeplanen, larmloggen."
          value={source}
          onChange={(event) => setSource(event.target.value)}
          error={errors.source}
        />
        <Field
          id="happened_on"
          label={dated ? "Vilken dag gjordes det?" : "Vilken dag gäller det?"}
          optional={!dated}
          type="date"
          value={day}
          onChange={(event) => setDay(event.target.value)}
          error={errors.happened_on}
        />
        <div className="ly-actions">
          <Button type="submit" busy={move.isPending}>
            Spara anteckningen
          </Button>
          <Button variant="tertiary" onClick={onClose}>
            Avbryt
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const questions = [
  { name: "individual_informed", label: "Är den enskilde informerad?", choices: told },
  { name: "relatives_informed", label: "Är god man, förvaltare eller närstående informerade?", choices: concerned },
  { name: "police_report", label: "Ska det polisanmälas?", choices: concerned },
  { name: "personakt", label: "Är det dokumenterat i personakten?", choices: yesNo },
] as const;

function Questions({ item }: { item: LexTrack }) {
  const [chosen, setChosen] = useState<string[]>(item.kinds);
  const [answers, setAnswers] = useState<Record<string, string | null | undefined>>(
    Object.fromEntries(questions.map((one) => [one.name, item[one.name]])),
  );
  const move = useLexMove(item);
  const say = useToast();
  if (!can(item, "save-lex-facts")) {
    return (
      <section className="ly-card ly-stack">
        <h2>Frågor</h2>
        <Facts
          list
          rows={[
            { word: "Typ", value: item.kinds.map((kind) => labelOf(kinds, kind)).join(", ") },
            ...questions.map((one) => ({ word: one.label, value: labelOf(one.choices, item[one.name]) })),
          ]}
        />
      </section>
    );
  }
  return (
    <form
      className="ly-card ly-stack"
      onSubmit={(event) => {
        event.preventDefault();
        move.mutate(
          { template: "/lex/cases/{id}/facts", body: { kinds: chosen, ...answers } },
          {
            onSuccess: () => say("Svaren är sparade"),
            onError: (error) => say(explain(error), { danger: true }),
          },
        );
      }}
    >
      <h2>Frågor</h2>
      <fieldset className="ds-fieldset">
        <legend>Vilken typ av missförhållande gäller det?</legend>
        <div className="lex-kinds">
          {kinds.map((kind) => (
            <Check
              key={kind.value}
              label={kind.label}
              checked={chosen.includes(kind.value)}
              onChange={(event) =>
                setChosen(
                  event.target.checked ? [...chosen, kind.value] : chosen.filter((one) => one !== kind.value),
                )
              }
            />
          ))}
        </div>
      </fieldset>
      <div className="lex-questions">
        {questions.map((one) => (
          <Radios
            key={one.name}
            name={one.name}
            label={one.label}
            value={answers[one.name] ?? ""}
            onChange={(value) => setAnswers((now) => ({ ...now, [one.name]: value }))}
            options={one.choices}
          />
        ))}
      </div>
      <div className="ly-actions">
        <Button type="submit" variant="secondary" busy={move.isPending}>
          Spara svaren
        </Button>
      </div>
    </form>
  );
}
