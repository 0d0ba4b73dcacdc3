import { useState } from "react";
import type { Case, Investigation } from "../../api/model";
import { explain } from "../../api/problems";
import { dateTime, time, t } from "../../i18n";
import { Alert, Button, Details, Empty, Saved, Tag, Textarea, useShortcuts, useToast } from "../../ui";
import { CausesCard } from "./CausesCard";
import { CourseCard } from "./CourseCard";
import { fieldsOf, grades, textName } from "./investigation";
import { MoveDialog } from "./MoveDialog";
import { moves } from "./moves";
import { RedThread } from "./RedThread";
import { gradeWords, groundWords, RiskCard } from "./RiskCard";
import { SimilarCard } from "./SimilarCard";
import { can, useMove } from "./useCase";
import { type ClashSet, useInvestigation } from "./useInvestigation";

export function InvestigationTab({ item }: { item: Case }) {
  const inquiry = item.investigation;
  if (!inquiry) {
    return (
      <section className="ly-card">
        <Empty icon="search" title={t("case.ingen_utredning_an")}>
          <p>{t("case.utredningen_borjar_nar_handlaggaren_startar")}</p>
        </Empty>
      </section>
    );
  }
  return <Opened key={item.id} item={item} inquiry={inquiry} />;
}

/** Who began to write keeps the editor, also when somebody calls the investigation done meanwhile: her words are in it. */
function Opened({ item, inquiry }: { item: Case; inquiry: Investigation }) {
  const editable = can(item, "save-investigation");
  const [kept, setKept] = useState(false);
  if (editable || kept) return <Editor item={item} inquiry={inquiry} onKeep={setKept} />;
  return <Reader item={item} inquiry={inquiry} />;
}

function Source({ item }: { item: Case }) {
  return (
    <Details summary={t("case.det_som_berattades")} open>
      <blockquote className="inv-source ly-pre" dir="auto">
        {item.report.narrative}
      </blockquote>
    </Details>
  );
}

type EditorProps = { item: Case; inquiry: Investigation; onKeep: (keep: boolean) => void };

function Editor({ item, inquiry, onKeep }: EditorProps) {
  const { fields, set, clash, choose, lockedBy, state, flush } = useInvestigation(item, inquiry);
  useShortcuts({ "Control+S": () => void flush() });
  const write = (name: string, value: string | number | null) => {
    onKeep(true);
    set(name, value);
  };
  const grounds = inquiry.risks.map((risk) => risk.ground);
  return (
    <>
      {lockedBy && (
        <Alert tone="warning" title={t("case.klarmarkerade_utredningen_medan_du_skrev", { lockedBy })} live>
          <p>{t("case.det_du_skrev_sist_ar")}</p>
          <Button variant="secondary" onClick={() => onKeep(false)}>
            {t("case.visa_den_lasta_utredningen")}
          </Button>
        </Alert>
      )}
      {clash && <ClashPanel inquiry={inquiry} clash={clash} choose={choose} />}
      <section className="ly-card ly-stack">
        <div className="ly-row ly-between">
          <h2>{inquiry.template.name}</h2>
          <Tag tone="calm">{t("case.utkast")}</Tag>
        </div>
        <Source item={item} />
        {inquiry.template.sections.map((section) => (
          <Textarea
            key={section.code}
            id={`section-${section.code}`}
            label={section.label}
            hint={section.hint}
            rows={section.code === "course" ? 6 : 4}
            maxLength={20_000}
            value={String(fields[textName(section.code)] ?? "")}
            onChange={(event) => write(textName(section.code), event.target.value)}
          />
        ))}
      </section>
      <CourseCard item={item} inquiry={inquiry} editable={can(item, "add-entry")} />
      <CausesCard item={item} editable={can(item, "add-cause")} />
      <SimilarCard item={item} />
      {grounds.map((ground) => (
        <RiskCard key={ground} ground={ground} fields={fields} set={write} />
      ))}
      <RedThread item={item} />
      <Finish item={item} inquiry={inquiry} flush={flush} onDone={() => onKeep(false)} />
      <div className="inv-bar ly-noprint">
        <Saved state={state} />
        <span className="ly-muted ly-small">{t("case.sparas_medan_du_skriver")}</span>
      </div>
    </>
  );
}

type FinishProps = { item: Case; inquiry: Investigation; flush: () => Promise<boolean>; onDone: () => void };

/** A draft may lack anything; what is called done may not. The manager does it, whoever wrote. */
function Finish({ item, inquiry, flush, onDone }: FinishProps) {
  const move = useMove(item);
  const say = useToast();
  const action = (item.actions ?? []).find((one) => one.act === "complete-investigation");
  if (!action) return null;
  const finish = async () => {
    if (!(await flush())) return;
    move.mutate(
      { template: "/cases/{id}/investigation/complete" },
      {
        onSuccess: () => {
          say(t("case.utredningen_ar_klarmarkerad_och_last"));
          onDone();
        },
        onError: (error) => say(explain(error), { danger: true }),
      },
    );
  };
  const lacks = inquiry.missing.length > 0;
  return (
    <section className="ly-card ly-stack ly-stack-s inv-finish ly-noprint">
      <h2>{t("case.klarmarkera")}</h2>
      {lacks ? (
        <>
          <p>{t("case.det_har_saknas_innan_utredningen")}</p>
          <ul>
            {inquiry.missing.map((what) => (
              <li key={what}>{what}</li>
            ))}
          </ul>
        </>
      ) : (
        <p>{t("case.texten_lases_och_sparas_som")}</p>
      )}
      {!action.allowed && <p className="ly-muted">{action.reason}</p>}
      {action.allowed && !lacks && (
        <div className="ly-actions">
          <Button onClick={() => void finish()} busy={move.isPending} icon="lock">
            {t("case.klarmarkera_utredningen")}
          </Button>
        </div>
      )}
    </section>
  );
}

type Choose = ReturnType<typeof useInvestigation>["choose"];

function ClashPanel({ inquiry, clash, choose }: { inquiry: Investigation; clash: ClashSet; choose: Choose }) {
  const label = (name: string) => {
    const [of = "", what = ""] = name.split(":");
    if (of === "text")
      return inquiry.template.sections.find((section) => section.code === what)?.label ?? what;
    const grade = grades.find((one) => one === what);
    const ground = of === "HSL" ? groundWords.HSL : groundWords.SOL_LSS;
    return `${grade ? gradeWords[grade] : t("case.slag_av_foljd")}, ${ground}`;
  };
  const when = clash.at ? time(clash.at) : "";
  return (
    <Alert tone="warning" title={t("case.sparade_samtidigt_som_du_valj", { by: clash.by, when })} live>
      <div className="ly-stack">
        <p>{t("case.allt_annat_som_ni_skrev")}</p>
        {clash.rows.map((row) => (
          <section key={row.name}>
            <h3>{label(row.name)}</h3>
            <div className="clash">
              <div>
                <p className="ly-muted ly-small">{t("case.din_text")}</p>
                <p>{row.mine ?? t("case.inget_valt")}</p>
                <Button variant="secondary" onClick={() => choose(row, "mine")}>
                  {t("case.behall_min")}
                </Button>
              </div>
              <div>
                <p className="ly-muted ly-small">{clash.by}</p>
                <p>{row.theirs ?? t("case.inget_valt")}</p>
                <Button variant="secondary" onClick={() => choose(row, "theirs")}>
                  {t("case.ta_den_andra")}
                </Button>
                {typeof row.mine === "string" && row.name.startsWith("text:") && (
                  <Button variant="tertiary" onClick={() => choose(row, "both")}>
                    {t("case.ta_bada")}
                  </Button>
                )}
              </div>
            </div>
          </section>
        ))}
      </div>
    </Alert>
  );
}

function Reader({ item, inquiry }: { item: Case; inquiry: Investigation }) {
  const [unlocking, setUnlocking] = useState(false);
  const fields = fieldsOf(inquiry);
  const done = inquiry.completed_at;
  const unlock = moves["unlock-investigation"];
  return (
    <>
      <section className="ly-card ly-stack">
        <div className="ly-row ly-between">
          <h2>{inquiry.template.name}</h2>
          <Tag tone={done ? "ok" : "calm"} icon={done ? "lock" : undefined}>
            {done ? t("case.klar") : t("case.pagar")}
          </Tag>
        </div>
        {inquiry.template.sections.map((section) => (
          <section key={section.code}>
            <h3>{section.label}</h3>
            <p className="ly-pre" dir="auto">
              {fields[textName(section.code)] || t("case.inget_skrivet_an")}
            </p>
          </section>
        ))}
        <p className="ly-muted ly-small">
          {done
            ? t("case.klarmarkerad_av_last_lydelse", {
                word: dateTime(done),
                word2: inquiry.completed_by_name ?? "okänd",
                versions: inquiry.versions,
              })
            : t("case.senast_andrad_av", {
                word: dateTime(inquiry.updated_at),
                word2: inquiry.updated_by_name ?? "okänd",
              })}
        </p>
        {can(item, "unlock-investigation") && (
          <div className="ly-actions">
            <Button variant="secondary" icon="lock" onClick={() => setUnlocking(true)}>
              {t("case.las_upp_utredningen")}
            </Button>
          </div>
        )}
      </section>
      <CourseCard item={item} inquiry={inquiry} editable={false} />
      <CausesCard item={item} editable={can(item, "add-cause") && !done} />
      {inquiry.risks.map((risk) => (
        <RiskCard key={risk.ground} ground={risk.ground} fields={fields} />
      ))}
      <RedThread item={item} />
      {unlocking && unlock && (
        <MoveDialog
          act="unlock-investigation"
          spec={unlock}
          item={item}
          done={t("case.utredningen_ar_upplast")}
          onClose={() => setUnlocking(false)}
        />
      )}
    </>
  );
}
