import { type FormEvent, useState } from "react";
import type { LexItem, LexTrack } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import { dateLong, dateTime, t } from "../../i18n";
import {
  Button,
  Check,
  Chips,
  Dialog,
  ErrorSummary,
  Facts,
  Field,
  type FieldErrors,
  Icon,
  Radios,
  Tag,
  Textarea,
  useToast,
} from "../../ui";
import { useLexMove } from "./useLex";
import { concerned, entryKinds, kinds, labelOf, told, yesNo } from "./words";

const can = (item: LexTrack, act: string) => item.actions.some((one) => one.act === act && one.allowed);

/** All that the documentation must show, with who wrote what, when, and whether it is a fact. Nothing is ever changed. */
export function Investigation({ item }: { item: LexTrack }) {
  const [adding, setAdding] = useState<LexItem>();
  const open = can(item, "add-lex-entry");
  return (
    <>
      <section className="ly-card ly-stack">
        <h2>{t("lexsarah.utredning")}</h2>
        <ol className="lex-items">
          {item.items.map((one) => (
            <li key={one.code} data-ok={one.entries.length > 0 ? "" : undefined}>
              <div className="ly-row ly-between">
                <h3>
                  <Icon name={one.entries.length > 0 ? "check" : "pen"} /> {one.label}
                </h3>
                {open && (
                  <Button
                    variant="secondary"
                    icon="plus"
                    onClick={() => setAdding(one)}
                    aria-label={t("lexsarah.skriv_2", { label: one.label })}
                  >
                    {t("lexsarah.skriv")}
                  </Button>
                )}
              </div>
              {one.entries.length === 0 && (
                <p className="ly-muted ly-small">
                  {one.needed ? t("lexsarah.inget_skrivet_an") : t("lexsarah.inget_skrivet_frivilligt")}
                </p>
              )}
              {one.entries.map((entry) => (
                <article key={entry.id} className="lex-entry">
                  <p dir="auto">{entry.text}</p>
                  <p className="ly-muted ly-small">
                    <Tag tone={entry.kind === "FAKTA" ? "info" : "calm"}>
                      {labelOf(entryKinds, entry.kind)}
                    </Tag>{" "}
                    {entry.happened_on && t("lexsarah.gjort", { word: dateLong(entry.happened_on) })}
                    {t("lexsarah.kalla", {
                      source: entry.source,
                      author_name: entry.author_name,
                      author_title: entry.author_title,
                      word: dateTime(entry.documented_at),
                    })}
                  </p>
                </article>
              ))}
            </li>
          ))}
        </ol>
      </section>
      <Questions key={item.version} item={item} />
      {adding && <EntryDialog item={item} about={adding} onClose={() => setAdding(undefined)} />}
    </>
  );
}

function EntryDialog({ item, about, onClose }: { item: LexTrack; about: LexItem; onClose: () => void }) {
  const [kind, setKind] = useState("FAKTA");
  const [source, setSource] = useState("");
  const [text, setText] = useState("");
  const [day, setDay] = useState("");
  const [errors, setErrors] = useState<FieldErrors>({});
  const move = useLexMove(item);
  const say = useToast();
  const dated = about.code === "ATGARDER";
  const send = (event: FormEvent) => {
    event.preventDefault();
    const found: FieldErrors = {
      ...(text.trim() ? {} : { text: t("lexsarah.skriv_anteckningen") }),
      ...(source.trim() ? {} : { source: t("lexsarah.skriv_var_uppgiften_kommer_fran") }),
      ...(dated && !day ? { happened_on: t("lexsarah.valj_vilken_dag_det_gjordes") } : {}),
    };
    setErrors(found);
    if (Object.keys(found).length > 0 || move.isPending) return;
    move.mutate(
      {
        template: "/lex/cases/{id}/entries",
        body: { item: about.code, kind, source, text, happened_on: day || undefined },
      },
      {
        onSuccess: () => {
          say(t("lexsarah.anteckningen_ar_sparad"));
          onClose();
        },
        onError: (error) => setErrors(fieldErrors(error)),
      },
    );
  };
  return (
    <Dialog title={about.label} wide onClose={onClose}>
      <form className="ly-stack" noValidate onSubmit={send}>
        <p className="ly-muted">{t("lexsarah.en_sparad_anteckning_kan_inte")}</p>
        <ErrorSummary
          errors={errors}
          message={move.error && !move.isPending ? explain(move.error) : undefined}
        />
        <Textarea
          id="text"
          label={t("lexsarah.anteckning")}
          rows={6}
          maxLength={20_000}
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={errors.text}
        />
        <Chips
          name="kind"
          label={t("lexsarah.ar_det_fakta_eller_en")}
          value={kind}
          onChange={setKind}
          options={entryKinds}
        />
        <Field
          id="source"
          label={t("lexsarah.var_kommer_uppgiften_fran")}
          hint={t("lexsarah.till_exempel_samtal_med_nattpersonalen")}
          value={source}
          onChange={(event) => setSource(event.target.value)}
          error={errors.source}
        />
        <Field
          id="happened_on"
          label={dated ? t("lexsarah.vilken_dag_gjordes_det") : t("lexsarah.vilken_dag_galler_det")}
          optional={!dated}
          type="date"
          value={day}
          onChange={(event) => setDay(event.target.value)}
          error={errors.happened_on}
        />
        <div className="ly-actions">
          <Button type="submit" busy={move.isPending}>
            {t("lexsarah.spara_anteckningen")}
          </Button>
          <Button variant="tertiary" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const questions = [
  { name: "individual_informed", label: t("lexsarah.ar_den_enskilde_informerad"), choices: told },
  { name: "relatives_informed", label: t("lexsarah.ar_god_man_forvaltare_eller"), choices: concerned },
  { name: "police_report", label: t("lexsarah.ska_det_polisanmalas"), choices: concerned },
  { name: "personakt", label: t("lexsarah.ar_det_dokumenterat_i_personakten"), choices: yesNo },
] as const;

function Questions({ item }: { item: LexTrack }) {
  const [chosen, setChosen] = useState<string[]>(item.kinds);
  const [answers, setAnswers] = useState<Record<string, string | null | undefined>>(
    Object.fromEntries(questions.map((one) => [one.name, item[one.name]])),
  );
  const move = useLexMove(item);
  const say = useToast();
  if (!can(item, "save-lex-facts")) {
    return (
      <section className="ly-card ly-stack">
        <h2>{t("lexsarah.fragor")}</h2>
        <Facts
          list
          rows={[
            { word: t("lexsarah.typ"), value: item.kinds.map((kind) => labelOf(kinds, kind)).join(", ") },
            ...questions.map((one) => ({ word: one.label, value: labelOf(one.choices, item[one.name]) })),
          ]}
        />
      </section>
    );
  }
  return (
    <form
      className="ly-card ly-stack"
      onSubmit={(event) => {
        event.preventDefault();
        move.mutate(
          { template: "/lex/cases/{id}/facts", body: { kinds: chosen, ...answers } },
          {
            onSuccess: () => say(t("lexsarah.svaren_ar_sparade")),
            onError: (error) => say(explain(error), { danger: true }),
          },
        );
      }}
    >
      <h2>{t("lexsarah.fragor")}</h2>
      <fieldset className="ds-fieldset">
        <legend>{t("lexsarah.vilken_typ_av_missforhallande_galler")}</legend>
        <div className="lex-kinds">
          {kinds.map((kind) => (
            <Check
              key={kind.value}
              label={kind.label}
              checked={chosen.includes(kind.value)}
              onChange={(event) =>
                setChosen(
                  event.target.checked ? [...chosen, kind.value] : chosen.filter((one) => one !== kind.value),
                )
              }
            />
          ))}
        </div>
      </fieldset>
      <div className="lex-questions">
        {questions.map((one) => (
          <Radios
            key={one.name}
            name={one.name}
            label={one.label}
            value={answers[one.name] ?? ""}
            onChange={(value) => setAnswers((now) => ({ ...now, [one.name]: value }))}
            options={one.choices}
          />
        ))}
      </div>
      <div className="ly-actions">
        <Button type="submit" variant="secondary" busy={move.isPending}>
          {t("lexsarah.spara_svaren")}
        </Button>
      </div>
    </form>
  );
}
