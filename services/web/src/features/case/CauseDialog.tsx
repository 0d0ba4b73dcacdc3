import { t } from "../../i18n";
import { useState } from "react";
import { put } from "../../api/client";
import type { Case, Cause } from "../../api/model";
import { useCodes } from "../../api/reference";
import { Button, Field, SelectField, Textarea } from "../../ui";
import { FormDialog } from "./FormDialog";

const most = 5;

/** A cause and the answers to why under it: ask why until the answer is something the work can change. */
export function CauseDialog({ item, cause, onClose }: { item: Case; cause?: Cause; onClose: () => void }) {
  const codes = useCodes();
  const [area, setArea] = useState(cause?.area ?? "");
  const [underlying, setUnderlying] = useState(cause?.underlying ?? "");
  const [text, setText] = useState(cause?.text ?? "");
  const [whys, setWhys] = useState<string[]>(cause?.whys.length ? cause.whys : [""]);
  const last = whys.at(-1) ?? "";
  return (
    <FormDialog
      item={item}
      title={cause ? t("case.andra_orsak") : t("case.lagg_till_orsak")}
      submit={cause ? t("case.spara_orsaken") : t("case.lagg_till")}
      done={cause ? t("case.orsaken_ar_sparad") : t("case.orsaken_ar_tillagd")}
      template="/cases/{id}/causes"
      send={
        cause &&
        ((body) =>
          put<Case>("/cases/{id}/causes/{cause}", {
            path: { id: item.id, cause: cause.id },
            body,
            version: item.version,
          }))
      }
      body={() => ({
        area,
        underlying: underlying || undefined,
        text: text.trim(),
        whys: whys.map((why) => why.trim()).filter(Boolean),
      })}
      check={() => ({
        ...(area ? {} : { area: t("case.valj_omrade") }),
        ...(text.trim() ? {} : { text: t("case.skriv_orsaken") }),
      })}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Textarea
            id="text"
            label={t("case.orsak")}
            hint={t("case.skriv_orsaken_i_verksamheten_inte")}
            rows={3}
            value={text}
            onChange={(event) => setText(event.target.value)}
            error={errors.text}
          />
          <SelectField
            id="area"
            label={t("case.omrade")}
            blank={t("case.valj_omrade")}
            options={codes.options("cause_area")}
            value={area}
            onChange={(event) => setArea(event.target.value)}
            error={errors.area}
          />
          <fieldset className="ds-fieldset">
            <legend>{t("case.fraga_varfor_fem_ganger")}</legend>
            <p data-field="description">{t("case.sluta_nar_svaret_ar_nagot")}</p>
            <ol className="whys-form">
              {whys.map((why, index) => (
                <li key={index}>
                  <Field
                    label={
                      index === 0
                        ? t("case.varfor_hande_det_2")
                        : t("case.varfor_2", { word: short(whys[index - 1] ?? "") })
                    }
                    optional
                    maxLength={1000}
                    value={why}
                    onChange={(event) =>
                      setWhys(whys.map((one, at) => (at === index ? event.target.value : one)))
                    }
                  />
                </li>
              ))}
            </ol>
            {whys.length < most && last.trim() && (
              <Button variant="tertiary" icon="plus" onClick={() => setWhys([...whys, ""])}>
                {t("case.fraga_varfor_igen")}
              </Button>
            )}
          </fieldset>
          <SelectField
            label={t("case.bakomliggande_orsak")}
            optional
            blank={t("case.valj")}
            options={codes.options("underlying_cause")}
            value={underlying}
            onChange={(event) => setUnderlying(event.target.value)}
          />
        </>
      )}
    </FormDialog>
  );
}

const short = (text: string) => (text.length > 48 ? `${text.slice(0, 46).trimEnd()}…` : text);
