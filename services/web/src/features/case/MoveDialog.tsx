import { t } from "../../i18n";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAutosave } from "../../api/autosave";
import { discardDraft, loadDraft, saveDraft } from "../../api/drafts";
import type { Case } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import {
  Button,
  Dialog,
  ErrorSummary,
  type FieldErrors,
  Saved,
  Skeleton,
  useShortcuts,
  useToast,
} from "../../ui";
import { AskField } from "./AskField";
import { asked, bodyOf, checkValues, type MoveSpec, startValues, type Values } from "./moves";
import { useMove } from "./useCase";

type Props = { act: string; spec: MoveSpec; item: Case; done: string; onClose: () => void };

/** Asks what a move needs. Nothing typed is lost when the server refuses; a long text is also a draft. */
export function MoveDialog({ act, spec, item, done, onClose }: Props) {
  const form = `${act}:${item.id}`;
  const draft = useQuery({
    queryKey: ["read-draft", form],
    queryFn: () => loadDraft(form),
    enabled: spec.draft === true,
    gcTime: 0,
    retry: false,
  });
  return (
    <Dialog title={spec.title} wide={spec.wide ?? false} onClose={onClose}>
      {spec.draft && draft.isPending ? (
        <Skeleton rows={4} />
      ) : (
        <MoveForm
          spec={spec}
          item={item}
          form={form}
          start={{ ...startValues(spec, item), ...(draft.data?.body as Values | undefined) }}
          done={done}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

type FormProps = {
  spec: MoveSpec;
  item: Case;
  form: string;
  start: Values;
  done: string;
  onClose: () => void;
};

function MoveForm({ spec, item, form, start, done, onClose }: FormProps) {
  const [values, setValues] = useState(start);
  const [errors, setErrors] = useState<FieldErrors>({});
  const say = useToast();
  const move = useMove(item);
  const draft = useAutosave<Values>((value) => saveDraft(form, value));

  const set = (name: string, value: Values[string]) => {
    const next = { ...values, [name]: value };
    setValues(next);
    if (spec.draft) draft.change(next);
  };
  const send = () => {
    const found = checkValues(spec, values, item);
    setErrors(found);
    if (Object.keys(found).length > 0 || move.isPending) return;
    draft.drop();
    move.mutate(
      { template: spec.template, body: bodyOf(spec, values) },
      {
        onSuccess: () => {
          if (spec.draft) void discardDraft(form).catch(() => undefined);
          say(done);
          onClose();
        },
        onError: (error) => setErrors(fieldErrors(error)),
      },
    );
  };
  useShortcuts({ "Control+Enter": send });

  return (
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
      {asked(spec, values).map((ask) => (
        <AskField
          key={ask.name}
          ask={ask}
          value={values[ask.name]}
          error={errors[ask.name]}
          unitId={item.unit?.id}
          onChange={(value) => set(ask.name, value)}
        />
      ))}
      <div className="ly-actions">
        <Button type="submit" danger={spec.danger ?? false} busy={move.isPending}>
          {spec.submit}
        </Button>
        <Button variant="tertiary" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        {spec.draft && <Saved state={draft.state} />}
      </div>
    </form>
  );
}
