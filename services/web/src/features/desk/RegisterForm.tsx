import { t } from "../../i18n";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { post } from "../../api/client";
import type { Case } from "../../api/model";
import { ApiError, explain, fieldErrors } from "../../api/problems";
import { shortLaw, useCodes, useUnits } from "../../api/reference";
import {
  Button,
  Check,
  Details,
  ErrorSummary,
  Field,
  type FieldErrors,
  Keys,
  Radios,
  SelectField,
  useShortcuts,
  useToast,
} from "../../ui";
import { MoveDialog } from "../case/MoveDialog";
import { moves } from "../case/moves";
import { caseKey, refreshLists } from "../case/useCase";
import { type DeskAct, DeskDialog, OtherWays } from "./DeskDialogs";
import { check, propose, type Registration, toRequest } from "./registration";

const types = [
  { value: "KLAGOMAL", label: t("desk.klagomal"), hint: t("desk.samlingsakt_klagomal"), keys: "Alt+K" },
  { value: "SYNPUNKT", label: t("desk.synpunkt"), hint: t("desk.samlingsakt_klagomal"), keys: "Alt+Y" },
  { value: "AVVIKELSE", label: t("desk.avvikelse"), hint: t("desk.samlingsakt_avvikelser"), keys: "Alt+A" },
];

type Registered = Case & { entry_no: string };

type FormProps = {
  item: Case;
  onDone: (done: Case) => void;
  onSkip: () => void;
  /** A case chosen among those that may be the same. */
  joinTo: string | undefined;
  onJoined: () => void;
};

/** Everything is proposed; the registrar reads, corrects and presses Ctrl+Enter. */
export function RegisterForm({ item, onDone, onSkip, joinTo, onJoined }: FormProps) {
  const [form, setForm] = useState(() => propose(item));
  const [errors, setErrors] = useState<FieldErrors>({});
  const [voiding, setVoiding] = useState(false);
  const [referring, setReferring] = useState(false);
  const [chosen, setActing] = useState<DeskAct>();
  const acting = joinTo ? "link" : chosen;
  const closeActing = () => {
    setActing(undefined);
    onJoined();
  };
  const queries = useQueryClient();
  const say = useToast();

  const register = useMutation({
    mutationFn: () =>
      post<Registered>("/cases/{id}/register", {
        path: { id: item.id },
        body: toRequest(form),
        version: item.version,
      }),
    onSuccess: (done) => {
      say(
        t("desk.registrerad_som", {
          entry_no: done.entry_no,
          word: done.handler ? `. ${done.handler.name} är handläggare.` : ".",
        }),
      );
      queries.setQueryData(caseKey(item.id), done);
      refreshLists(queries, item.id);
      onDone(done);
    },
    onError: (error) => {
      setErrors(fieldErrors(error));
      if (error instanceof ApiError && error.conflict)
        void queries.invalidateQueries({ queryKey: caseKey(item.id) });
    },
  });
  const set = (change: Partial<Registration>) => setForm({ ...form, ...change });
  const submit = () => {
    const found = check(form);
    setErrors(found);
    if (Object.keys(found).length === 0 && !register.isPending) register.mutate();
  };
  useShortcuts({
    "Control+Enter": voiding || referring || acting ? undefined : submit,
    "Alt+L": () => setActing("link"),
    "Alt+V": () => setActing("hold"),
    "Alt+B": () => setActing("return"),
    "Alt+K": () => set({ case_type: "KLAGOMAL" }),
    "Alt+Y": () => set({ case_type: "SYNPUNKT" }),
    "Alt+A": () => set({ case_type: "AVVIKELSE" }),
  });
  const spec = moves.void;

  return (
    <form
      className="desk-form ly-card ly-stack"
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2>{t("desk.registrering")}</h2>
      <ErrorSummary
        errors={errors}
        message={register.error && !register.isPending ? explain(register.error) : undefined}
      />
      <Radios
        name="case_type"
        label={t("desk.samlingsakt")}
        value={form.case_type}
        onChange={(case_type) => set({ case_type })}
        options={types}
        error={errors.case_type}
      />
      <Fields item={item} form={form} set={set} errors={errors} />
      <Handler item={item} form={form} set={set} />
      <div className="ly-actions desk-actions">
        <Button type="submit" busy={register.isPending} keys="Control+Enter">
          {t("desk.registrera_och_nasta")}
        </Button>
        <Button variant="tertiary" onClick={onSkip} keys="Alt+ArrowDown">
          {t("desk.hoppa_over")}
        </Button>
      </div>
      {(item.actions ?? []).some((action) => action.act === "register-referral" && action.allowed) && (
        <Details summary={t("desk.fran_en_myndighet")}>
          <Button variant="secondary" onClick={() => setReferring(true)}>
            {t("desk.registrera_remiss")}
          </Button>
        </Details>
      )}
      {referring && moves["register-referral"] && (
        <MoveDialog
          act="register-referral"
          spec={moves["register-referral"]}
          item={item}
          done={t("desk.remissen_ar_registrerad")}
          onClose={() => setReferring(false)}
        />
      )}
      <OtherWays open={setActing} />
      {acting && (
        <DeskDialog
          act={acting}
          item={item}
          form={form}
          {...(joinTo ? { target: joinTo } : {})}
          onClose={closeActing}
          onDone={onDone}
        />
      )}
      {(item.actions ?? []).some((action) => action.act === "void" && action.allowed) && (
        <Details summary={t("desk.hor_inte_hit")}>
          <Button variant="secondary" danger onClick={() => setVoiding(true)}>
            {t("desk.makulera")}
          </Button>
        </Details>
      )}
      {voiding && spec && (
        <MoveDialog
          act="void"
          spec={spec}
          item={item}
          done={t("desk.rapporten_ar_makulerad")}
          onClose={() => setVoiding(false)}
        />
      )}
    </form>
  );
}

type Part = { item: Case; form: Registration; set: (change: Partial<Registration>) => void };

function Fields({ item, form, set, errors }: Part & { errors: FieldErrors }) {
  const codes = useCodes();
  const suggestions = item.registration_proposal?.subject_suggestions ?? [];
  return (
    <>
      {form.case_type === "SYNPUNKT" && (
        <SelectField
          id="synpunkt_kind"
          label={t("desk.slag_av_synpunkt")}
          blank={t("desk.valj")}
          options={codes.options("synpunkt_kind")}
          value={form.synpunkt_kind}
          onChange={(event) => set({ synpunkt_kind: event.target.value })}
          error={errors.synpunkt_kind}
        />
      )}
      <Field
        id="subject"
        label={t("desk.amne")}
        hint={t("desk.neutralt_och_kort_inga_namn")}
        list="subjects"
        maxLength={120}
        value={form.subject}
        onChange={(event) => set({ subject: event.target.value })}
        error={errors.subject}
      />
      <datalist id="subjects">
        {suggestions.map((subject) => (
          <option key={subject} value={subject} />
        ))}
      </datalist>
      <SelectField
        label={t("desk.fran")}
        options={codes.options("sender_role")}
        value={form.sender_role}
        onChange={(event) => set({ sender_role: event.target.value })}
      />
      <SelectField
        label={t("desk.kategori")}
        optional
        hint={
          item.registration_proposal?.category_word && form.category === item.registration_proposal.category
            ? t("desk.foreslagen_av_ordet", { category_word: item.registration_proposal.category_word })
            : undefined
        }
        blank={t("desk.valj_inte_nu")}
        options={codes.categories}
        value={form.category}
        onChange={(event) => set({ category: event.target.value })}
      />
      <SelectField
        label={t("desk.sekretess")}
        hint={
          item.registration_proposal
            ? t("desk.enligt", { word: shortLaw(item.registration_proposal.secrecy_law) })
            : undefined
        }
        options={codes.options("secrecy")}
        value={form.secrecy}
        onChange={(event) => set({ secrecy: event.target.value })}
      />
    </>
  );
}

/** Who gets the case by the rule, and why. */
function Handler({ item, form, set }: Part) {
  const units = useUnits();
  const proposal = item.registration_proposal?.handler;
  const unit = units.items.find((one) => one.id === form.unit_id);
  const changed = form.unit_id !== (item.unit?.id ?? item.reported_unit?.id ?? "");
  return (
    <>
      <SelectField
        id="unit_id"
        label={t("desk.enhet")}
        blank={t("desk.okand")}
        options={units.options}
        value={form.unit_id}
        onChange={(event) => set({ unit_id: event.target.value })}
      />
      <p className="desk-handler">
        {changed ? (
          <>
            {t("desk.handlaggare")} {unit?.manager?.name ?? t("desk.narmaste_chef_for_enheten")}
          </>
        ) : proposal ? (
          <>
            {t("desk.handlaggare")} <b>{proposal.name}</b>
            <small>{item.registration_proposal?.handler_reason}</small>
          </>
        ) : (
          t("desk.ingen_handlaggare_an_valj_enhet")
        )}
      </p>
      <Check
        label={t("desk.lamna_direkt_till_handlaggaren")}
        checked={form.assign}
        onChange={(event) => set({ assign: event.target.checked })}
      />
      <p className="ly-muted ly-small">
        {t("desk.byt_samlingsakt_med")} <Keys keys="Alt+K" />, <Keys keys="Alt+Y" /> {t("desk.och")}{" "}
        <Keys keys="Alt+A" />.
      </p>
    </>
  );
}
