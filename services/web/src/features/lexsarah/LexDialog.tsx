import { type FormEvent, useState } from "react";
import type { LexTrack } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import { t } from "../../i18n";
import {
  Button,
  Dialog,
  ErrorSummary,
  type FieldErrors,
  SelectField,
  useShortcuts,
  useToast,
} from "../../ui";
import { AskField } from "../case/AskField";
import type { Values } from "../case/moves";
import type { InvestigatorAsk, LexSpec } from "./moves";
import { useInvestigators, useLexMove } from "./useLex";

type Props = { spec: LexSpec; item: LexTrack; done: string; onClose: () => void };

const textOf = (value: Values[string] | undefined) => (typeof value === "string" ? value.trim() : "");

/** Asks what a move of the track needs. Nothing typed is lost when the server refuses. */
export function LexDialog({ spec, item, done, onClose }: Props) {
  const [values, setValues] = useState<Values>(() => spec.start?.(item) ?? {});
  const [errors, setErrors] = useState<FieldErrors>({});
  const say = useToast();
  const move = useLexMove(item);
  const asks = spec.asks(item).filter((ask) => !ask.when || values[ask.when[0]] === ask.when[1]);

  const send = () => {
    const found: FieldErrors = {};
    for (const ask of asks) if (ask.required && !textOf(values[ask.name])) found[ask.name] = ask.required;
    setErrors(found);
    if (Object.keys(found).length > 0 || move.isPending) return;
    move.mutate(
      { template: spec.template, body: spec.body?.(values, item) ?? values },
      {
        onSuccess: () => {
          say(done);
          onClose();
        },
        onError: (error) => setErrors(fieldErrors(error)),
      },
    );
  };
  useShortcuts({ "Control+Enter": send });

  return (
    <Dialog title={spec.title} wide={spec.wide ?? false} onClose={onClose}>
      <form
        className="ly-stack"
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          send();
        }}
      >
        {spec.intro && <p className="ly-muted">{spec.intro}</p>}
        <ErrorSummary
          errors={errors}
          message={move.error && !move.isPending ? explain(move.error) : undefined}
        />
        {asks.map((ask) => {
          const set = (value: Values[string]) => setValues((now) => ({ ...now, [ask.name]: value }));
          const shared = { value: values[ask.name], error: errors[ask.name], onChange: set };
          return ask.kind === "investigator" ? (
            <InvestigatorField key={ask.name} ask={ask} {...shared} />
          ) : (
            <AskField key={ask.name} ask={ask} unitId={undefined} {...shared} />
          );
        })}
        <div className="ly-actions">
          <Button type="submit" busy={move.isPending}>
            {spec.submit}
          </Button>
          <Button variant="tertiary" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type InvestigatorProps = {
  ask: InvestigatorAsk;
  value: Values[string] | undefined;
  error: string | undefined;
  onChange: (value: string) => void;
};

function InvestigatorField({ ask, value, error, onChange }: InvestigatorProps) {
  const people = useInvestigators();
  return (
    <SelectField
      id={ask.name}
      label={ask.label}
      hint={ask.hint}
      error={error}
      optional={!ask.required}
      blank={t("lexsarah.valj_person")}
      options={(people.data?.items ?? []).map((one) => ({
        value: one.id,
        label: `${one.name}, ${one.title}`,
      }))}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
