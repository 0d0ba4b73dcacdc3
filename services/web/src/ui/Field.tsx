// Form parts over native elements. A field knows its label, hint and error; the page knows the rules.
import { type ComponentProps, type ReactNode, useId } from "react";
import { t } from "../i18n";
import { Icon } from "./Icon";

type Shared = {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
};

type Wiring = { id: string; describedBy: string | undefined; invalid: true | undefined };

function useWiring(id: string | undefined, hint: ReactNode, error: string | undefined): Wiring {
  const own = useId();
  const field = id ?? own;
  const describedBy = [hint ? `${field}-hint` : "", error ? `${field}-error` : ""].filter(Boolean).join(" ");
  return { id: field, describedBy: describedBy || undefined, invalid: error ? true : undefined };
}

function Frame({ wiring, shared, children }: { wiring: Wiring; shared: Shared; children: ReactNode }) {
  return (
    <div className="ds-field">
      <label className="ds-label" htmlFor={wiring.id}>
        {shared.label}
        {shared.optional && <span className="ly-optional"> ({t("form.optional")})</span>}
      </label>
      {shared.hint && (
        <div data-field="description" id={`${wiring.id}-hint`}>
          {shared.hint}
        </div>
      )}
      {children}
      <FieldError id={wiring.id} error={shared.error} />
    </div>
  );
}

function FieldError({ id, error }: { id: string; error: string | undefined }) {
  if (!error) return null;
  return (
    <p className="ds-validation-message" id={`${id}-error`}>
      <span className="ly-sr">{t("error.prefix")} </span>
      {error}
    </p>
  );
}

export function Field({ label, hint, error, optional, ...input }: Shared & ComponentProps<"input">) {
  const wiring = useWiring(input.id, hint, error);
  return (
    <Frame wiring={wiring} shared={{ label, hint, error, optional }}>
      <input
        type="text"
        {...input}
        id={wiring.id}
        className="ds-input"
        aria-invalid={wiring.invalid}
        aria-describedby={wiring.describedBy}
      />
    </Frame>
  );
}

export function Textarea({ label, hint, error, optional, ...area }: Shared & ComponentProps<"textarea">) {
  const wiring = useWiring(area.id, hint, error);
  return (
    <Frame wiring={wiring} shared={{ label, hint, error, optional }}>
      <textarea
        rows={4}
        {...area}
        id={wiring.id}
        className="ds-input"
        aria-invalid={wiring.invalid}
        aria-describedby={wiring.describedBy}
      />
      <Room value={area.value} max={area.maxLength} />
    </Frame>
  );
}

/** Says how much room is left, but only near the end. */
function Room({ value, max }: { value: unknown; max: number | undefined }) {
  if (!max || typeof value !== "string" || value.length < max * 0.8) return null;
  const left = max - value.length;
  return (
    <p className="ly-muted ly-small" aria-live="polite">
      {left >= 0 ? t("form.left", { n: left }) : t("form.over", { n: -left })}
    </p>
  );
}

export type Option = { value: string; label: string; group?: string | undefined };

type SelectProps = Shared & ComponentProps<"select"> & { options: readonly Option[]; blank?: string };

/** A native select; options with a group are put under its heading. Also the choice of unit. */
export function SelectField({ label, hint, error, optional, options, blank, ...select }: SelectProps) {
  const wiring = useWiring(select.id, hint, error);
  const groups = [...new Set(options.map((option) => option.group))];
  return (
    <Frame wiring={wiring} shared={{ label, hint, error, optional }}>
      <select
        {...select}
        id={wiring.id}
        className="ds-input"
        aria-invalid={wiring.invalid}
        aria-describedby={wiring.describedBy}
      >
        {blank !== undefined && <option value="">{blank}</option>}
        {groups.map((group) => {
          const rows = options
            .filter((option) => option.group === group)
            .map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ));
          return group ? (
            <optgroup key={group} label={group}>
              {rows}
            </optgroup>
          ) : (
            rows
          );
        })}
      </select>
    </Frame>
  );
}

export function Check({
  label,
  hint,
  ...input
}: { label: ReactNode; hint?: ReactNode } & ComponentProps<"input">) {
  const wiring = useWiring(input.id, hint, undefined);
  return (
    <div className="ds-field">
      <input
        type="checkbox"
        {...input}
        id={wiring.id}
        className="ds-input"
        aria-describedby={wiring.describedBy}
      />
      <label className="ds-label" htmlFor={wiring.id}>
        {label}
      </label>
      {hint && (
        <div data-field="description" id={`${wiring.id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

type GroupProps = Shared & {
  name: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly {
    value: string;
    label: string;
    hint?: string | undefined;
    danger?: boolean;
    keys?: string;
  }[];
};

function Group({ name, shared, children }: { name: string; shared: Shared; children: ReactNode }) {
  const wiring = useWiring(name, shared.hint, shared.error);
  return (
    <fieldset className="ds-fieldset" aria-describedby={wiring.describedBy}>
      <legend>
        {shared.label}
        {shared.optional && <span className="ly-optional"> ({t("form.optional")})</span>}
      </legend>
      {shared.hint && (
        <p data-field="description" id={`${name}-hint`}>
          {shared.hint}
        </p>
      )}
      {children}
      <FieldError id={name} error={shared.error} />
    </fieldset>
  );
}

/** Big touch targets for one choice of few. The first input carries the name as id, for the error summary. */
export function Chips({ name, value, onChange, options, ...shared }: GroupProps) {
  return (
    <Group name={name} shared={shared}>
      <div className="ly-chips" data-invalid={shared.error ? "" : undefined}>
        {options.map((option, index) => (
          <label key={option.value} className={option.danger ? "ly-chip ly-chip-danger" : "ly-chip"}>
            <input
              type="radio"
              name={name}
              id={index === 0 ? name : undefined}
              value={option.value}
              checked={value === option.value}
              onChange={() => onChange(option.value)}
            />
            <span>
              <Icon name="check" />
              {option.label}
            </span>
          </label>
        ))}
      </div>
    </Group>
  );
}

/** One choice of few with a line of explanation each. */
export function Radios({ name, value, onChange, options, ...shared }: GroupProps) {
  return (
    <Group name={name} shared={shared}>
      <div className="ly-stack ly-stack-s">
        {options.map((option, index) => (
          <label key={option.value} className="ly-choice">
            <input
              type="radio"
              className="ds-input"
              name={name}
              id={index === 0 ? name : undefined}
              value={option.value}
              checked={value === option.value}
              onChange={() => onChange(option.value)}
              aria-keyshortcuts={option.keys}
            />
            <span>
              {option.label}
              {option.hint && <small>{option.hint}</small>}
            </span>
          </label>
        ))}
      </div>
    </Group>
  );
}
