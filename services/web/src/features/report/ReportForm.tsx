import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAutosave } from "../../api/autosave";
import { post } from "../../api/client";
import { discardDraft, saveDraft } from "../../api/drafts";
import type { Receipt } from "../../api/model";
import { explain, fieldErrors } from "../../api/problems";
import { harms, useCodes, useUnits } from "../../api/reference";
import {
  Alert,
  Button,
  Check,
  Chips,
  Details,
  ErrorSummary,
  Failed,
  Field,
  type FieldErrors,
  Saved,
  SelectField,
  Textarea,
} from "../../ui";
import { check, other, type Report, toRequest, type When } from "./form";

export const reportDraft = "report";

const whens: { value: When; label: string }[] = [
  { value: "NYSS", label: "Nyss" },
  { value: "IDAG", label: "Tidigare i dag" },
  { value: "ANNAN", label: "En annan dag" },
];

type Props = { start: Report; onSent: (receipt: Receipt) => void };

/** One short page, four touches and a sentence. Only the place and the words are required. */
export function ReportForm({ start, onSent }: Props) {
  const [report, setReport] = useState(start);
  const [errors, setErrors] = useState<FieldErrors>({});
  const codes = useCodes();
  const units = useUnits();
  const draft = useAutosave<Report>((value) => saveDraft(reportDraft, value));

  const send = useMutation({
    mutationFn: () => {
      draft.drop();
      return post<Receipt>("/cases", { body: toRequest(report, new Date()), key: report.key });
    },
    onSuccess: (receipt) => {
      // The report is in; a draft that lingers for want of net is found and replaced next time.
      void discardDraft(reportDraft).catch(() => undefined);
      onSent(receipt);
    },
    onError: (error) => {
      setErrors(fieldErrors(error));
      draft.change(report);
    },
  });

  const set = <Name extends keyof Report>(name: Name, value: Report[Name]) => {
    const next = { ...report, [name]: value };
    setReport(next);
    draft.change(next);
    if (errors[name]) setErrors(({ [name]: _, ...rest }) => rest);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = check(report, new Date());
    setErrors(found);
    if (Object.keys(found).length === 0) send.mutate();
  };
  const message = send.error && !send.isPending ? explain(send.error) : undefined;

  return (
    <form className="ly-stack ly-stack-l" onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} message={message} />
      {units.error && <Failed what="Enheterna" retry={() => void units.refetch()} />}
      <SelectField
        id="unit_id"
        label="Enhet"
        blank="Välj enhet"
        options={units.options}
        value={report.unit_id}
        onChange={(event) => set("unit_id", event.target.value)}
        error={errors.unit_id}
      />
      <Chips
        name="category"
        label="Vad gäller det?"
        hint="Välj det som ligger närmast. Vet du inte, hoppa över."
        value={report.category}
        onChange={(value) => set("category", value)}
        options={[
          ...codes.quick.map((code) => ({ value: code.code, label: code.label })),
          { value: other, label: "Annat" },
        ]}
      />
      <Chips
        name="harm"
        label="Kom någon till skada?"
        value={report.harm}
        onChange={(value) => set("harm", value)}
        options={harms}
      />
      {report.harm === "ALLVARLIG" && (
        <Alert tone="danger" title="Ring också din chef nu." live>
          Allvarliga händelser kan behöva utredas enligt lex Sarah. Vänta inte på att någon läser rapporten.
        </Alert>
      )}
      <Textarea
        id="narrative"
        label="Vad hände?"
        hint="Två meningar räcker. Skriv inte namn eller personnummer."
        rows={4}
        maxLength={20_000}
        value={report.narrative}
        onChange={(event) => set("narrative", event.target.value)}
        error={errors.narrative}
        dir="auto"
      />
      <WhenFields report={report} set={set} error={errors.date} />
      <Details summary="Mer att berätta (frivilligt)">
        <More report={report} set={set} />
      </Details>
      <div className="report-send">
        <Button type="submit" icon="send" busy={send.isPending}>
          Skicka
        </Button>
        <Saved state={draft.state} />
      </div>
    </form>
  );
}

type Set = <Name extends keyof Report>(name: Name, value: Report[Name]) => void;

function WhenFields({ report, set, error }: { report: Report; set: Set; error: string | undefined }) {
  return (
    <div className="ly-stack ly-stack-s">
      <Chips
        name="when"
        label="När hände det?"
        value={report.when}
        onChange={(value) => set("when", value as When)}
        options={whens}
      />
      {report.when !== "NYSS" && (
        <div className="ly-grid-2">
          {report.when === "ANNAN" && (
            <Field
              id="date"
              label="Datum"
              type="date"
              value={report.date}
              onChange={(event) => set("date", event.target.value)}
              error={error}
            />
          )}
          <Field
            id={report.when === "ANNAN" ? "clock" : "date"}
            label="Klockslag"
            optional
            type="time"
            value={report.clock}
            onChange={(event) => set("clock", event.target.value)}
            error={report.when === "IDAG" ? error : undefined}
          />
        </div>
      )}
    </div>
  );
}

function More({ report, set }: { report: Report; set: Set }) {
  return (
    <div className="ly-stack">
      <Textarea
        label="Vad gjorde du direkt?"
        optional
        rows={2}
        value={report.direct_measure}
        onChange={(event) => set("direct_measure", event.target.value)}
      />
      <Field
        label="Var hände det?"
        hint="Till exempel köket, hissen, hemma hos personen."
        optional
        value={report.place}
        onChange={(event) => set("place", event.target.value)}
      />
      <Field
        label="Vilka var inblandade?"
        hint="Uppgifterna visas bara för dem som handlägger ärendet."
        optional
        value={report.people}
        onChange={(event) => set("people", event.target.value)}
      />
      <Field
        label="Rapporterar du åt en kollega? Vem?"
        optional
        value={report.on_behalf_of}
        onChange={(event) => set("on_behalf_of", event.target.value)}
      />
      <Check
        label="Rapporten handlar om chefen för enheten"
        hint="Då går den till chefens chef i stället."
        checked={report.about_manager}
        onChange={(event) => set("about_manager", event.target.checked)}
      />
    </div>
  );
}
