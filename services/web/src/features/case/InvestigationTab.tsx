import { useState } from "react";
import { remove } from "../../api/client";
import type { Case, Cause } from "../../api/model";
import { explain } from "../../api/problems";
import { useCodes } from "../../api/reference";
import { dateTime, time, t } from "../../i18n";
import {
  Alert,
  Button,
  Details,
  Empty,
  Icon,
  Saved,
  SelectField,
  Tag,
  Textarea,
  useShortcuts,
  useToast,
} from "../../ui";
import { CauseDialog } from "./CauseDialog";
import { type Fields, grades, sections } from "./investigation";
import { can, caseKey } from "./useCase";
import { type ClashSet, useInvestigation } from "./useInvestigation";
import { riskBand } from "./words";
import { useQueryClient } from "@tanstack/react-query";

export function InvestigationTab({ item }: { item: Case }) {
  const editable = can(item, "save-investigation");
  if (!editable && !item.investigation) {
    return (
      <section className="ly-card">
        <Empty icon="search" title={t("case.ingen_utredning_an")}>
          <p>{t("case.utredningen_borjar_nar_handlaggaren_startar")}</p>
        </Empty>
      </section>
    );
  }
  return editable ? <Editor key={item.id} item={item} /> : <Reader item={item} />;
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

function Editor({ item }: { item: Case }) {
  const { fields, set, clash, choose, state, flush } = useInvestigation(item);
  useShortcuts({ "Control+S": () => void flush() });
  return (
    <>
      <section className="ly-card ly-stack">
        <Source item={item} />
        {clash && <ClashPanel clash={clash} choose={choose} />}
        {sections.map((section) => (
          <Textarea
            key={section.name}
            label={section.label}
            hint={section.hint}
            rows={section.name === "course" ? 7 : 4}
            maxLength={20_000}
            value={fields[section.name]}
            onChange={(event) => set(section.name, event.target.value)}
          />
        ))}
      </section>
      <Risk fields={fields} set={set} />
      <Causes item={item} editable />
      <div className="inv-bar">
        <Saved state={state} />
        <span className="ly-muted ly-small">{t("case.sparas_medan_du_skriver")}</span>
      </div>
    </>
  );
}

type Choose = ReturnType<typeof useInvestigation>["choose"];

function ClashPanel({ clash, choose }: { clash: ClashSet; choose: Choose }) {
  const label = (name: string) =>
    sections.find((section) => section.name === name)?.label ?? gradeLabels[name] ?? name;
  return (
    <Alert
      tone="warning"
      title={t("case.sparade_valj_vilken_text_som", {
        by: clash.by,
        word: clash.at ? ` ${time(clash.at)}` : "",
      })}
      live
    >
      <div className="ly-stack">
        {clash.rows.map((row) => (
          <section key={row.name}>
            <h3>{label(row.name)}</h3>
            <div className="clash">
              <div>
                <p>{row.mine ?? t("case.inget_valt")}</p>
                <Button variant="secondary" onClick={() => choose(row, "mine")}>
                  {t("case.behall_min")}
                </Button>
              </div>
              <div>
                <p>{row.theirs ?? t("case.inget_valt")}</p>
                <Button variant="secondary" onClick={() => choose(row, "theirs")}>
                  {t("case.ta_den_andra")}
                </Button>
              </div>
            </div>
          </section>
        ))}
      </div>
    </Alert>
  );
}

const gradeLabels: Record<string, string> = {
  actual_severity: t("case.faktisk_foljd"),
  severity: t("case.mojlig_foljd"),
  probability: t("case.sannolikhet"),
  severity_after: t("case.mojlig_foljd_efter_atgarderna"),
  probability_after: t("case.sannolikhet_efter_atgarderna"),
};

function gradeOptions(codes: ReturnType<typeof useCodes>, name: string) {
  const list = name.startsWith("probability") ? "probability" : "severity";
  const rows = codes.list(list).map((code) => ({ value: code.code, label: `${code.code} ${code.label}` }));
  return name === "actual_severity" ? [{ value: "0", label: t("case.0_ingen") }, ...rows] : rows;
}

function Risk({ fields, set }: { fields: Fields; set: (name: keyof Fields, value: number | null) => void }) {
  const codes = useCodes();
  const product = (a: number | null, b: number | null) => (a && b ? riskBand(a * b) : undefined);
  const before = product(fields.severity, fields.probability);
  const after = product(fields.severity_after, fields.probability_after);
  return (
    <section className="ly-card ly-stack">
      <h2>{t("case.risk")}</h2>
      <p className="ly-muted">{t("case.det_som_hande_och_det")}</p>
      <div className="risk">
        {grades.map((name) => (
          <SelectField
            key={name}
            label={gradeLabels[name]}
            blank={t("case.valj")}
            options={gradeOptions(codes, name)}
            value={fields[name] === null ? "" : String(fields[name])}
            onChange={(event) => set(name, event.target.value ? Number(event.target.value) : null)}
          />
        ))}
      </div>
      <div className="ly-row">
        {before && (
          <span className="risk-value">
            {t("case.riskvarde_nu")} <Tag tone={before.tone}>{before.text}</Tag>
          </span>
        )}
        {after && (
          <span className="risk-value">
            {t("case.efter_atgarderna")} <Tag tone={after.tone}>{after.text}</Tag>
          </span>
        )}
      </div>
    </section>
  );
}

function Causes({ item, editable }: { item: Case; editable: boolean }) {
  const codes = useCodes();
  const queries = useQueryClient();
  const say = useToast();
  const [open, setOpen] = useState(false);
  const causes = item.causes ?? [];
  const drop = async (cause: Cause) => {
    try {
      const next = await remove<Case>("/cases/{id}/causes/{cause}", {
        path: { id: item.id, cause: cause.id },
        version: item.version,
      });
      queries.setQueryData(caseKey(item.id), next);
    } catch (error) {
      say(explain(error), { danger: true });
    }
  };
  return (
    <section className="ly-card">
      <div className="ly-row ly-between">
        <h2>{t("case.orsaker")}</h2>
        {editable && (
          <Button variant="secondary" icon="plus" onClick={() => setOpen(true)}>
            {t("case.lagg_till_orsak")}
          </Button>
        )}
      </div>
      {causes.length === 0 && <p className="ly-muted">{t("case.inga_orsaker_an_varje_orsak")}</p>}
      {causes.map((cause) => (
        <div key={cause.id} className="cause">
          <div>
            <b>{cause.text}</b>
            <p className="ly-muted ly-small">
              {[codes.label("cause_area", cause.area), codes.label("underlying_cause", cause.underlying)]
                .filter(Boolean)
                .join(" · ")}
            </p>
          </div>
          {editable && (
            <button
              type="button"
              className="ly-iconbutton"
              aria-label={t("case.ta_bort_orsaken", { text: cause.text })}
              onClick={() => void drop(cause)}
            >
              <Icon name="close" />
            </button>
          )}
        </div>
      ))}
      {open && <CauseDialog item={item} onClose={() => setOpen(false)} />}
    </section>
  );
}

function Reader({ item }: { item: Case }) {
  const stored = item.investigation;
  if (!stored) return null;
  const risk =
    stored.severity && stored.probability ? riskBand(stored.severity * stored.probability) : undefined;
  return (
    <>
      <section className="ly-card ly-stack">
        <div className="ly-row ly-between">
          <h2>{t("case.utredning")}</h2>
          <Tag tone={stored.completed_at ? "ok" : "calm"}>
            {stored.completed_at ? t("case.klar") : t("case.pagar")}
          </Tag>
        </div>
        {sections.map((section) => (
          <section key={section.name}>
            <h3>{section.label}</h3>
            <p className="ly-pre">{stored[section.name] || t("case.inget_skrivet_an")}</p>
          </section>
        ))}
        {risk && (
          <p className="risk-value">
            {t("case.riskvarde")} <Tag tone={risk.tone}>{risk.text}</Tag>
          </p>
        )}
        {stored.updated_at && (
          <p className="ly-muted ly-small">
            {t("case.senast_andrad")} {dateTime(stored.updated_at)}
            {stored.updated_by_name && ` av ${stored.updated_by_name}`}
          </p>
        )}
      </section>
      <Causes item={item} editable={can(item, "add-cause")} />
    </>
  );
}
