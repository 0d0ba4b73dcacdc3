import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { t } from "../i18n";
import { Icon } from "./Icon";

type Note = { id: number; text: string; danger: boolean };
type Say = (text: string, options?: { danger?: boolean }) => void;

const ToastContext = createContext<Say>(() => undefined);

/** Says that something was done. Never the only place where an error stands. */
export const useToast = () => useContext(ToastContext);

const showFor = 8_000;

export function Toasts({ children }: { children: ReactNode }) {
  const [notes, setNotes] = useState<Note[]>([]);
  const drop = useCallback((id: number) => setNotes((all) => all.filter((note) => note.id !== id)), []);
  const say = useCallback<Say>(
    (text, options) => {
      const id = performance.now() + Math.random();
      // What was done before is said and done; only errors wait until they are read.
      setNotes((all) => [
        ...all.filter((note) => note.danger).slice(-2),
        { id, text, danger: options?.danger ?? false },
      ]);
      if (!options?.danger) window.setTimeout(() => drop(id), showFor);
    },
    [drop],
  );
  const value = useMemo(() => say, [say]);
  return (
    <ToastContext value={value}>
      {children}
      <div className="ly-toasts" role="status" aria-live="polite">
        {notes.map((note) => (
          <div key={note.id} className="ly-toast" data-tone={note.danger ? "danger" : undefined}>
            <Icon name={note.danger ? "alert" : "check"} />
            <span>{note.text}</span>
            <button type="button" onClick={() => drop(note.id)} aria-label={t("action.close")}>
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
