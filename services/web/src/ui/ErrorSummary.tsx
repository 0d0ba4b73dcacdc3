import { useEffect, useRef } from "react";
import { t } from "../i18n";

export type FieldErrors = Record<string, string>;

/** All errors of a form, on top and with focus; each one leads to its field. */
export function ErrorSummary({ errors, message }: { errors: FieldErrors; message?: string | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const rows = Object.entries(errors);
  const shown = rows.length > 0 || message !== undefined;
  useEffect(() => {
    if (!shown) return;
    box.current?.focus();
    const title = document.title;
    const prefix = `${t("error.prefix")} `;
    if (!title.startsWith(prefix)) document.title = prefix + title;
    return () => {
      if (document.title.startsWith(prefix)) document.title = document.title.slice(prefix.length);
    };
  }, [shown, errors, message]);
  if (!shown) return null;
  return (
    <div ref={box} className="ds-error-summary" tabIndex={-1} role="alert">
      <h2>{t("error.summary")}</h2>
      {message && <p>{message}</p>}
      {rows.length > 0 && (
        <ul>
          {rows.map(([field, text]) => (
            <li key={field}>
              <a
                href={`#${field}`}
                onClick={(event) => {
                  event.preventDefault();
                  document.getElementById(field)?.focus();
                }}
              >
                {text}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
