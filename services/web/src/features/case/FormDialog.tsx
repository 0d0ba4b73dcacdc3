import { t } from "../../i18n";
import { type ReactNode, useState } from "react";
import type { Template } from "../../api/client";
import type { Case } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import { Button, Dialog, ErrorSummary, type FieldErrors, useShortcuts, useToast } from "../../ui";
import { type Move, useMove } from "./useCase";

type Props = {
  item: Case;
  title: string;
  submit: string;
  done: string;
  template: Template<"post">;
  target?: Pick<Move, "path" | "version">;
  /** How it is sent, where it is not a create at the template. */
  send?: ((body: unknown) => Promise<Case>) | undefined;
  body: () => unknown;
  /** What is wrong, by field; a field that is right may be left out or undefined. */
  check: () => Record<string, string | undefined>;
  onClose: () => void;
  /** Called with the case as it is afterwards. */
  onDone?: (done: Case) => void;
  children: (errors: FieldErrors) => ReactNode;
};

/** A small form in a dialog that changes a case: checks, sends, says so, or keeps what was typed. */
export function FormDialog({
  item,
  title,
  submit,
  done,
  template,
  target,
  send: sendIt,
  body,
  check,
  onClose,
  onDone,
  children,
}: Props) {
  const [errors, setErrors] = useState<FieldErrors>({});
  const move = useMove(item);
  const say = useToast();
  const send = () => {
    const found: FieldErrors = {};
    for (const [field, text] of Object.entries(check())) if (text) found[field] = text;
    setErrors(found);
    if (Object.keys(found).length > 0 || move.isPending) return;
    move.mutate(
      { template, body: body(), ...target, ...(sendIt && { send: sendIt }) },
      {
        onSuccess: (after) => {
          say(done);
          onClose();
          if (after) onDone?.(after);
        },
        onError: (error) => setErrors(fieldErrors(error)),
      },
    );
  };
  useShortcuts({ "Control+Enter": send });
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="ly-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <ErrorSummary
          errors={errors}
          message={move.error && !move.isPending ? explain(move.error) : undefined}
        />
        {children(errors)}
        <div className="ly-actions">
          <Button type="submit" busy={move.isPending}>
            {submit}
          </Button>
          <Button variant="tertiary" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
