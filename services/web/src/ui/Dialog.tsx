import { type ReactNode, useEffect, useId, useRef } from "react";
import { t } from "../i18n";
import { Icon } from "./Icon";

/** A native modal dialog: the browser keeps the focus inside and gives it back on closing. */
export function Dialog({ title, wide, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="ly-dialog"
      data-wide={wide ? "" : undefined}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="ly-dialog-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="ly-iconbutton" onClick={onClose} aria-label={t("action.close")}>
          <Icon name="close" />
        </button>
      </div>
      <div className="ly-dialog-body">{children}</div>
    </dialog>
  );
}
type DialogProps = { title: string; wide?: boolean; onClose: () => void; children: ReactNode };
