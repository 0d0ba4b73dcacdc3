import { t } from "../../i18n";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import type { Action, Case } from "../../api/model";
import { explain } from "../../api/problems";
import { Button, Details, NextStep, useShortcuts, useToast } from "../../ui";
import { MoveDialog } from "./MoveDialog";
import { moves } from "./moves";
import { useMove } from "./useCase";
import { stepTexts, waitingTexts } from "./words";

/** Acts that are done inside a tab, and which one. */
const inTab: Record<string, string> = {
  "save-investigation": "utredning",
  "add-cause": "utredning",
  "add-entry": "utredning",
  "complete-investigation": "utredning",
  "unlock-investigation": "utredning",
  "propose-measure": "atgarder",
  "send-message": "meddelanden",
  measures: "atgarder",
};
/** Rare acts that should not stand beside the next step. */
const rare = new Set([
  "hold-for-lex",
  "void",
  "reassign",
  "await-info",
  "reopen",
  "delegate",
  "take-back",
  "ask-again",
  "to-board",
  "register-referral",
]);
/** The steps of the way; when one of them is refused, the reason is what the person needs to know. */
const wayActs = new Set(["consult", "investigate", "plan-measures", "reply", "follow-up", "close"]);
/** What to do first when no step of the way is open yet. */
const firstActs = ["save-investigation", "classify", "log-feedback"];

type Props = { item: Case };

/** No step of the way is open: what has to be done before it is? */
function preparing(item: Case, allowed: readonly Action[]): Action | undefined {
  const waits = (item.measures ?? []).some((measure) =>
    (measure.actions ?? []).some((action) => action.allowed),
  );
  if (waits && item.state !== "investigating") {
    return {
      act: "measures",
      label: t("case.ga_till_atgarderna"),
      allowed: true,
      reason: null,
      primary: true,
    };
  }
  if (item.state === "consulting") return undefined;
  const done = item.case_type === "AVVIKELSE" ? item.severity && item.probability : item.category;
  return firstActs
    .filter((act) => act !== "classify" || !done)
    .map((act) => allowed.find((action) => action.act === act))
    .find(Boolean);
}

/** What to say when no step stands out. */
function idle(item: Case, choices: boolean): string {
  if (item.state === "closed") return t("case.klart_2");
  if (!choices) return t("case.inget_for_dig_att_gora");
  return item.state === "consulting" ? t("case.vantar_pa_besked") : t("case.valj_vad_du_vill_gora");
}

/** The server says what may be done now and, for what may not, why. This only draws it. */
export function NextStepCard({ item }: Props) {
  const [open, setOpen] = useState<Action>();
  const navigate = useNavigate();
  const say = useToast();
  const move = useMove(item);

  const actions = item.actions ?? [];
  const allowed = actions.filter((action) => action.allowed);
  const primary = allowed.find((action) => action.primary) ?? preparing(item, allowed);
  const others = allowed.filter((action) => action !== primary && !inTab[action.act]);
  const refused = actions.filter((action) => !action.allowed && action.reason);

  const run = (action: Action) => {
    const tab = inTab[action.act];
    if (tab) return void navigate(`/arenden/${item.id}/${tab}`);
    if (action.act === "register") return void navigate(`/registrera/${item.id}`);
    const spec = moves[action.act];
    if (!spec) return;
    if (spec.asks.length > 0) return setOpen(action);
    move.mutate(
      { template: spec.template },
      {
        onSuccess: () => say(t("case.klart", { label: action.label })),
        onError: (error) => say(explain(error), { danger: true }),
      },
    );
  };
  useShortcuts({ "Control+Enter": primary && !open ? () => run(primary) : undefined });
  const openSpec = open ? moves[open.act] : undefined;

  const soon = refused.filter((action) => wayActs.has(action.act)).slice(0, 2);
  const later = refused.filter((action) => !soon.includes(action));
  const asRefusal = (action: Action) => ({ name: action.label, why: action.reason ?? "" });

  return (
    <>
      <NextStep
        title={primary?.label ?? idle(item, others.length > 0)}
        text={primary ? stepTexts[primary.act] : waitingTexts[item.state]}
        waiting={!primary}
        refused={soon.map(asRefusal)}
      >
        {primary && (
          <Button onClick={() => run(primary)} busy={move.isPending} keys="Control+Enter">
            {primary.label}
          </Button>
        )}
        {others
          .filter((action) => !rare.has(action.act))
          .map((action) => (
            <Button key={action.act} variant="secondary" onClick={() => run(action)}>
              {action.label}
            </Button>
          ))}
      </NextStep>
      {others.some((action) => rare.has(action.act)) && (
        <Details summary={t("case.fler_val")}>
          <div className="ly-row">
            {others
              .filter((action) => rare.has(action.act))
              .map((action) => (
                <Button
                  key={action.act}
                  variant="secondary"
                  danger={action.act === "void" || action.act === "hold-for-lex"}
                  onClick={() => run(action)}
                >
                  {action.label}
                </Button>
              ))}
          </div>
        </Details>
      )}
      {later.length > 0 && (
        <Details summary={t("case.gar_inte_annu", { length: later.length })}>
          <ul className="case-refused">
            {later.map((action) => (
              <li key={action.act}>
                <b>{action.label}.</b> {action.reason}
              </li>
            ))}
          </ul>
        </Details>
      )}
      {item.consultation && !item.consultation.decided_at && (
        <p className="ly-muted ly-small">
          {t("case.fragan_ar_stalld_till")} {item.consultation.superior?.name ?? t("case.narmaste_chef")}.{" "}
          <Link to={`/arenden/${item.id}/historik`}>{t("case.se_historiken")}</Link>
        </p>
      )}
      {open && openSpec && (
        <MoveDialog
          act={open.act}
          spec={openSpec}
          item={item}
          done={t("case.klart", { label: open.label })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}
