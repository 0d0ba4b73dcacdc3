import { t } from "../../i18n";
import { useState } from "react";
import type { Case } from "../../api/model";
import { useCodes } from "../../api/reference";
import { SelectField, Textarea } from "../../ui";
import { FormDialog } from "./FormDialog";

export function CauseDialog({ item, onClose }: { item: Case; onClose: () => void }) {
  const codes = useCodes();
  const [area, setArea] = useState("");
  const [underlying, setUnderlying] = useState("");
  const [text, setText] = useState("");
  return (
    <FormDialog
      item={item}
      title={t("case.lagg_till_orsak")}
      submit={t("case.lagg_till")}
      done={t("case.orsaken_ar_tillagd")}
      template="/cases/{id}/causes"
      body={() => ({ area, underlying: underlying || undefined, text: text.trim() })}
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
