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
      title="Lägg till orsak"
      submit="Lägg till"
      done="Orsaken är tillagd."
      template="/cases/{id}/causes"
      body={() => ({ area, underlying: underlying || undefined, text: text.trim() })}
      check={() => ({
        ...(area ? {} : { area: "Välj område" }),
        ...(text.trim() ? {} : { text: "Skriv orsaken" }),
      })}
      onClose={onClose}
    >
      {(errors) => (
        <>
          <Textarea
            id="text"
            label="Orsak"
            hint="Skriv orsaken i verksamheten, inte vem som gjorde fel."
            rows={3}
            value={text}
            onChange={(event) => setText(event.target.value)}
            error={errors.text}
          />
          <SelectField
            id="area"
            label="Område"
            blank="Välj område"
            options={codes.options("cause_area")}
            value={area}
            onChange={(event) => setArea(event.target.value)}
            error={errors.area}
          />
          <SelectField
            label="Bakomliggande orsak"
            optional
            blank="Välj"
            options={codes.options("underlying_cause")}
            value={underlying}
            onChange={(event) => setUnderlying(event.target.value)}
          />
        </>
      )}
    </FormDialog>
  );
}
