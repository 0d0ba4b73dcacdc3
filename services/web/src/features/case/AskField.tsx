// One question of a move, drawn by its kind.
import { t } from "../../i18n";
import { type Purpose, personOption, useCodes, usePeople, useUnits } from "../../api/reference";
import { Check, Field, Radios, SelectField, Textarea } from "../../ui";
import type { Ask, Values } from "./moves";

type Props = {
  ask: Ask;
  value: Values[string] | undefined;
  error: string | undefined;
  unitId: string | undefined;
  onChange: (value: Values[string]) => void;
};

export function AskField({ ask, value, error, unitId, onChange }: Props) {
  const text = typeof value === "string" ? value : "";
  const shared = {
    id: ask.name,
    label: ask.label,
    hint: ask.hint,
    error,
    optional: !ask.required && !ask.depends,
  };
  switch (ask.kind) {
    case "area":
      return (
        <Textarea
          {...shared}
          rows={6}
          maxLength={20_000}
          value={text}
          onChange={(e) => onChange(e.target.value)}
        />
      );
    case "text":
      return <Field {...shared} value={text} onChange={(e) => onChange(e.target.value)} />;
    case "date":
      return <Field {...shared} type="date" value={text} onChange={(e) => onChange(e.target.value)} />;
    case "check":
      return (
        <Check
          id={ask.name}
          label={ask.label}
          hint={ask.hint}
          checked={value === true}
          onChange={(e) => onChange(e.target.checked)}
        />
      );
    case "unit":
      return <UnitAsk {...shared} value={text} onChange={onChange} />;
    case "person":
      return <PersonAsk {...shared} purpose={ask.purpose} unitId={unitId} value={text} onChange={onChange} />;
    default:
      return <ChoiceAsk ask={ask} value={value} error={error} onChange={onChange} />;
  }
}

type Shared = {
  id: string;
  label: string;
  hint: string | undefined;
  error: string | undefined;
  optional: boolean;
  value: string;
  onChange: (value: string) => void;
};

function UnitAsk({ onChange, ...shared }: Shared) {
  const units = useUnits();
  return (
    <SelectField
      {...shared}
      blank={t("case.valj_enhet")}
      options={units.options}
      onChange={(e) => onChange(e.target.value)}
    />
  );
}

function PersonAsk({
  purpose,
  unitId,
  onChange,
  ...shared
}: Shared & { purpose: Purpose; unitId: string | undefined }) {
  const people = usePeople(purpose, unitId);
  const options = (people.data?.items ?? []).map(personOption);
  return (
    <SelectField
      {...shared}
      blank={t("case.valj_ingen")}
      options={options}
      onChange={(e) => onChange(e.target.value)}
    />
  );
}

type ChoiceProps = {
  ask: Extract<Ask, { kind: "radio" | "select" | "many" }>;
  value: Values[string] | undefined;
  error: string | undefined;
  onChange: (value: Values[string]) => void;
};

function ChoiceAsk({ ask, value, error, onChange }: ChoiceProps) {
  const codes = useCodes();
  const options = ask.choices ?? codes.options(ask.list ?? "");
  const text = typeof value === "string" ? value : "";
  const shared = { label: ask.label, hint: ask.hint, error, optional: !ask.required && !ask.depends };
  if (ask.kind === "radio") {
    return <Radios {...shared} name={ask.name} value={text} onChange={onChange} options={options} />;
  }
  if (ask.kind === "select") {
    return (
      <SelectField
        {...shared}
        id={ask.name}
        blank={t("case.valj")}
        options={options}
        value={text}
        onChange={(e) => onChange(e.target.value)}
      />
    );
  }
  const chosen = Array.isArray(value) ? value : [];
  return (
    <fieldset className="ds-fieldset">
      <legend>{ask.label}</legend>
      <div className="many">
        {options.map((option) => (
          <Check
            key={option.value}
            label={option.label}
            checked={chosen.includes(option.value)}
            onChange={(e) =>
              onChange(
                e.target.checked ? [...chosen, option.value] : chosen.filter((one) => one !== option.value),
              )
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
