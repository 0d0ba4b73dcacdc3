// Small pieces without state: tags, deadlines, alerts, facts, timelines, empty and waiting states.
import type { ReactNode } from "react";
import { dateLong, dateShort, dueWords, t } from "../i18n";
import { Button } from "./Button";
import { Icon, type IconName } from "./Icon";

export type Tone = "neutral" | "info" | "calm" | "ok" | "warn" | "danger";

export function Tag({ tone = "neutral", icon, square, children }: TagProps) {
  return (
    <span className="ly-tag" data-tone={tone} data-shape={square ? "square" : undefined}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
type TagProps = { tone?: Tone; icon?: IconName; square?: boolean; children: ReactNode };

/** A deadline: the date and, in words, how long is left. */
export function Due({ date, now, short }: { date: string; now?: Date; short?: boolean }) {
  const { text, tone } = dueWords(date, now);
  return (
    <span className="ly-due" data-tone={tone}>
      {tone !== "plain" && <Icon name={tone === "danger" ? "alert" : "clock"} />}
      <time dateTime={date}>{short ? dateShort(date) : dateLong(date)}</time>
      <span>· {text}</span>
    </span>
  );
}

type AlertTone = "info" | "success" | "warning" | "danger";

export function Alert({ tone = "info", title, children, live }: AlertProps) {
  return (
    <div
      className="ds-alert"
      data-color={tone}
      role={live ? (tone === "danger" ? "alert" : "status") : undefined}
    >
      {title && <h2>{title}</h2>}
      {children}
    </div>
  );
}
type AlertProps = { tone?: AlertTone; title?: string; children?: ReactNode; live?: boolean };

export type FactRow = { word: string; value: ReactNode } | "" | false | null | undefined;

export function Facts({ rows, list }: { rows: readonly FactRow[]; list?: boolean }) {
  return (
    <dl className="ly-facts" data-rows={list ? "" : undefined}>
      {rows.map(
        (row) =>
          row && (
            <div key={row.word}>
              <dt>{row.word}</dt>
              <dd>{row.value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

export type Step = { name: string; done?: boolean; current?: boolean };

/** Where a case stands on its way. The words carry it; the dots only repeat them. */
export function Steps({ label, steps }: { label: string; steps: readonly Step[] }) {
  return (
    <ol className="ly-steps" aria-label={label}>
      {steps.map((step, index) => (
        <li
          key={step.name}
          data-done={step.done ? "" : undefined}
          data-place={`Steg ${index + 1} av ${steps.length}: `}
          aria-current={step.current ? "step" : undefined}
        >
          {step.name}
        </li>
      ))}
    </ol>
  );
}

export function Timeline({
  items,
}: {
  items: readonly { id: string; at: string; what: ReactNode; who?: string }[];
}) {
  return (
    <ol className="ly-timeline">
      {items.map((item) => (
        <li key={item.id}>
          <b>{item.what}</b>
          <time dateTime={item.at}>
            {dateLong(item.at)}
            {item.who && ` · ${item.who}`}
          </time>
        </li>
      ))}
    </ol>
  );
}

export function Empty({
  icon = "calm",
  title,
  children,
}: {
  icon?: IconName;
  title: string;
  children?: ReactNode;
}) {
  return (
    <div className="ly-empty">
      <Icon name={icon} />
      <h3>{title}</h3>
      {children}
    </div>
  );
}

/** Grey rows while something is fetched; the style sheet shows them only after 400 ms. */
export function Skeleton({ rows = 5 }: { rows?: number }) {
  return (
    <div className="ly-wait" aria-busy="true">
      <span className="ly-sr" role="status">
        {t("app.loading")}
      </span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className="ly-skel" data-short={row % 3 === 2 ? "" : undefined} />
      ))}
      <p className="ly-wait-slow ly-muted">{t("app.slow")}</p>
    </div>
  );
}

/** A part of the page that could not be fetched; the rest stays usable. */
export function Failed({ what, retry }: { what: string; retry?: (() => void) | undefined }) {
  return (
    <Alert tone="danger" live>
      <div className="ly-row ly-between">
        <span>{t("error.load", { what })}</span>
        {retry && (
          <Button variant="secondary" onClick={retry}>
            {t("action.retry")}
          </Button>
        )}
      </div>
    </Alert>
  );
}

export function Details({
  summary,
  open,
  children,
}: {
  summary: ReactNode;
  open?: boolean;
  children: ReactNode;
}) {
  return (
    <details className="ly-details" open={open}>
      <summary>
        <Icon name="next" />
        {summary}
      </summary>
      <div className="ly-details-body">{children}</div>
    </details>
  );
}

export type Refusal = { name: string; why: string };

/** What comes next, in one card: one primary step, and for what is not possible yet, why. */
export function NextStep({ title, text, waiting, refused = [], children }: NextStepProps) {
  return (
    <section className="ly-next" data-tone={waiting ? "wait" : undefined} aria-labelledby="next-step">
      <p className="ly-next-label">{t("ui.nasta_steg")}</p>
      <h2 id="next-step">{title}</h2>
      {text && <div className="ly-muted">{text}</div>}
      {children && <div className="ly-actions">{children}</div>}
      {refused.length > 0 && (
        <ul className="ly-why">
          {refused.map((refusal) => (
            <li key={refusal.name}>
              <Icon name="lock" />
              <span>
                <b>{refusal.name}</b> {t("ui.gar_inte_annu")} {refusal.why}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
type NextStepProps = {
  title: string;
  text?: ReactNode;
  waiting?: boolean;
  refused?: readonly Refusal[];
  children?: ReactNode;
};
