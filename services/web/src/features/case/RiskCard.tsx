import { t } from "../../i18n";
import { useCodes } from "../../api/reference";
import { Button, SelectField, Tag } from "../../ui";
import { type Fields, type Grade, type Ground, kindsOf, riskName, suggested } from "./investigation";
import { riskBand } from "./words";

export const groundWords: Record<Ground, string> = { SOL_LSS: t("case.sol_och_lss"), HSL: "HSL" };

export const gradeWords: Record<Grade, string> = {
  actual_severity: t("case.faktisk_foljd"),
  severity: t("case.mojlig_foljd"),
  probability: t("case.sannolikhet"),
  severity_after: t("case.mojlig_foljd_efter_atgarderna"),
  probability_after: t("case.sannolikhet_efter_atgarderna"),
};

type Set = (name: string, value: string | number | null) => void;
type Props = { ground: Ground; fields: Fields; set?: Set | undefined };

const numberOf = (value: Fields[string] | undefined) => (typeof value === "number" ? value : null);

/** Risk by one group of legal grounds, before and after the measures. Without a way to set it, it is only read. */
export function RiskCard({ ground, fields, set }: Props) {
  const grade = (name: Grade) => numberOf(fields[riskName(ground, name)]);
  const kinds = kindsOf(fields[riskName(ground, "harm_kinds")]);
  return (
    <section className="ly-card ly-stack" aria-labelledby={`risk-${ground}`}>
      <div>
        <h2 id={`risk-${ground}`}>{t("case.risk_enligt", { word: groundWords[ground] })}</h2>
        <p className="ly-muted">{t("case.det_som_hande_och_det")}</p>
      </div>
      {set ? (
        <Inputs ground={ground} fields={fields} set={set} kinds={kinds} />
      ) : (
        <Read ground={ground} fields={fields} kinds={kinds} />
      )}
      <Matrix
        before={[grade("severity"), grade("probability")]}
        after={[grade("severity_after"), grade("probability_after")]}
      />
    </section>
  );
}

function useGrades(name: Grade) {
  const codes = useCodes();
  const list = name.startsWith("probability") ? "probability" : "severity";
  const rows = codes.list(list).map((code) => ({ value: code.code, label: `${code.code} ${code.label}` }));
  return name === "actual_severity" ? [{ value: "0", label: t("case.0_ingen") }, ...rows] : rows;
}

function GradeField({
  ground,
  name,
  fields,
  set,
}: {
  ground: Ground;
  name: Grade;
  fields: Fields;
  set: Set;
}) {
  const value = numberOf(fields[riskName(ground, name)]);
  return (
    <SelectField
      label={gradeWords[name]}
      blank={t("case.valj")}
      options={useGrades(name)}
      value={value === null ? "" : String(value)}
      onChange={(event) =>
        set(riskName(ground, name), event.target.value ? Number(event.target.value) : null)
      }
    />
  );
}

function Inputs({
  ground,
  fields,
  set,
  kinds,
}: {
  ground: Ground;
  fields: Fields;
  set: Set;
  kinds: string[];
}) {
  const codes = useCodes();
  const actual = numberOf(fields[riskName(ground, "actual_severity")]);
  const low = suggested(kinds);
  const toggle = (code: string) => {
    const next = kinds.includes(code) ? kinds.filter((kind) => kind !== code) : [...kinds, code];
    const order = codes.list("harm_kind").map((one) => one.code);
    set(riskName(ground, "harm_kinds"), next.sort((a, b) => order.indexOf(a) - order.indexOf(b)).join(","));
  };
  return (
    <>
      <fieldset className="ds-fieldset">
        <legend>{t("case.vad_blev_foljden_for_personen")}</legend>
        <p data-field="description">{t("case.oro_och_krankning_raknas_ocksa")}</p>
        <div className="many">
          {codes.list("harm_kind").map((code) => (
            <label key={code.code} className="ly-choice">
              <input
                type="checkbox"
                className="ds-input"
                checked={kinds.includes(code.code)}
                onChange={() => toggle(code.code)}
              />
              <span>{code.label}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="risk">
        <GradeField ground={ground} name="actual_severity" fields={fields} set={set} />
        <GradeField ground={ground} name="severity" fields={fields} set={set} />
        <GradeField ground={ground} name="probability" fields={fields} set={set} />
      </div>
      {low > (actual ?? 0) && (
        <div className="risk-suggest" role="status">
          <span>{t("case.foljderna_du_har_valt_talar", { low })}</span>
          <Button variant="secondary" onClick={() => set(riskName(ground, "actual_severity"), low)}>
            {t("case.satt_till", { low })}
          </Button>
        </div>
      )}
      <div className="risk">
        <GradeField ground={ground} name="severity_after" fields={fields} set={set} />
        <GradeField ground={ground} name="probability_after" fields={fields} set={set} />
      </div>
    </>
  );
}

function Read({ ground, fields, kinds }: { ground: Ground; fields: Fields; kinds: string[] }) {
  const codes = useCodes();
  const actual = numberOf(fields[riskName(ground, "actual_severity")]);
  const words = kinds.map((kind) => codes.label("harm_kind", kind)).join(", ");
  return (
    <p>
      {actual === null
        ? t("case.faktisk_foljd_ar_inte_bedomd")
        : t("case.faktisk_foljd_2", {
            actual,
            word: actual === 0 ? "Ingen" : codes.label("severity", String(actual)),
          })}
      {words && ` ${words}.`}
    </p>
  );
}

type Pair = [severity: number | null, probability: number | null];
const value = ([severity, probability]: Pair) => (severity && probability ? severity * probability : 0);

/** The 4 by 4 matrix. Where the case stands is said in words below; in the picture by a mark with a word in it. */
function Matrix({ before, after }: { before: Pair; after: Pair }) {
  const codes = useCodes();
  const steps = [1, 2, 3, 4];
  const is = ([severity, probability]: Pair, s: number, p: number) => severity === s && probability === p;
  const rows: [string, Pair][] = [
    [t("case.nu_2"), before],
    [t("case.efter_atgarderna"), after],
  ];
  return (
    <div className="matrix-box">
      <table className="matrix">
        <caption className="ly-sr">{t("case.mojlig_foljd_ganger_sannolikhet")}</caption>
        <thead>
          <tr>
            <td />
            {steps.map((p) => (
              <th key={p} scope="col">
                {p}
                <small>{codes.label("probability", String(p))}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...steps].reverse().map((s) => (
            <tr key={s}>
              <th scope="row">
                {s}
                <small>{codes.label("severity", String(s))}</small>
              </th>
              {steps.map((p) => (
                <td key={p} data-tone={riskBand(s * p).tone}>
                  {s * p}
                  {is(before, s, p) && <b>{t("case.nu")}</b>}
                  {is(after, s, p) && <b data-after="">{t("case.efter")}</b>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <dl className="ly-facts matrix-says" data-rows="">
        {rows.map(([word, pair]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>
              {value(pair) > 0 ? (
                <Tag tone={riskBand(value(pair)).tone}>{riskBand(value(pair)).text}</Tag>
              ) : (
                <span className="ly-muted">{t("case.inte_bedomd")}</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
