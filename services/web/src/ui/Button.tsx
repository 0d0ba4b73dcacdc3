import { t } from "../i18n";
import type { ComponentProps, ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

export type Look = {
  variant?: "secondary" | "tertiary";
  danger?: boolean;
  icon?: IconName;
  /** Keys shown on the button; announced through aria-keyshortcuts. */
  keys?: string;
};

type ButtonProps = ComponentProps<"button"> &
  Look & {
    busy?: boolean;
    /** Why the button does nothing now. It stays focusable so that the reason can be read. */
    refused?: string | undefined;
  };

export function Button({
  variant,
  danger,
  icon,
  keys,
  busy,
  refused,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const off = busy || refused !== undefined;
  return (
    <button
      type="button"
      {...rest}
      className="ds-button"
      data-variant={variant}
      data-color={danger ? "danger" : undefined}
      aria-busy={busy || undefined}
      aria-disabled={off || undefined}
      aria-keyshortcuts={keys}
      title={refused}
      onClick={(event) => (off ? event.preventDefault() : onClick?.(event))}
    >
      <Label icon={icon} keys={keys}>
        {children}
      </Label>
    </button>
  );
}

export function Label({
  icon,
  keys,
  children,
}: {
  icon: IconName | undefined;
  keys: string | undefined;
  children: ReactNode;
}) {
  return (
    <>
      {icon && <Icon name={icon} />}
      {children}
      {keys && <Keys keys={keys} hidden />}
    </>
  );
}

const keyWords: Record<string, string> = {
  Control: t("ui.ctrl"),
  ArrowDown: "↓",
  ArrowUp: "↑",
  Escape: t("ui.esc"),
};

export function Keys({ keys, hidden }: { keys: string; hidden?: boolean }) {
  const parts = keys.split("+").map((key) => keyWords[key] ?? key);
  return (
    <span className="ly-keys" aria-hidden={hidden || undefined}>
      {parts.map((part) => (
        <kbd key={part} className="ly-kbd">
          {part}
        </kbd>
      ))}
    </span>
  );
}
