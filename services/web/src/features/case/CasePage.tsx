import { Route, Routes, useNavigate, useParams } from "react-router";
import type { Case } from "../../api/model";
import { ApiError } from "../../api/problems";
import { shortLaw, useCodes } from "../../api/reference";
import { t } from "../../i18n";
import {
  Alert,
  Facts,
  Failed,
  Icon,
  Page,
  Skeleton,
  Steps,
  type TabItem,
  Tabs,
  Tag,
  useShortcuts,
} from "../../ui";
import { DueText } from "./DueText";
import { HistoryTab } from "./HistoryTab";
import { InvestigationTab } from "./InvestigationTab";
import { MeasuresTab } from "./MeasuresTab";
import { MessagesTab } from "./MessagesTab";
import { NextStepCard } from "./NextStepCard";
import { Overview } from "./Overview";
import { useCase } from "./useCase";
import { caseNumbers, caseTitle, riskBand, stateTone, wayOf } from "./words";
import "./case.css";

export function CasePage() {
  const { id } = useParams();
  const item = useCase(id);
  if (item.data) return <Loaded item={item.data} stale={item.isError} />;
  if (item.error instanceof ApiError && item.error.notFound) {
    return (
      <Page title={t("error.not_found_title")} narrow>
        <p>{t("error.not_found")}</p>
      </Page>
    );
  }
  return (
    <Page title="Ärende">
      {item.error ? <Failed what="Ärendet" retry={() => void item.refetch()} /> : <Skeleton rows={8} />}
    </Page>
  );
}

function Loaded({ item, stale }: { item: Case; stale: boolean }) {
  const codes = useCodes();
  const navigate = useNavigate();
  const base = `/arenden/${item.id}`;
  const tabs: TabItem[] = [
    { to: base, label: "Översikt", end: true, keys: "Alt+1" },
    { to: `${base}/utredning`, label: "Utredning", keys: "Alt+2" },
    { to: `${base}/atgarder`, label: "Åtgärder", count: item.measures?.length || undefined, keys: "Alt+3" },
    {
      to: `${base}/meddelanden`,
      label: "Meddelanden",
      count: item.messages?.length || undefined,
      keys: "Alt+4",
    },
    { to: `${base}/historik`, label: "Historik", keys: "Alt+5" },
  ];
  useShortcuts(
    Object.fromEntries(tabs.map((tab, index) => [`Alt+${index + 1}`, () => void navigate(tab.to)])),
  );
  const held = item.state === "lex_hold";

  return (
    <Page
      title={caseTitle(item)}
      lead={
        <span className="case-meta">
          <b className="ly-num">{caseNumbers(item)}</b>
          {item.case_type && <span>{codes.label("case_type", item.case_type)}</span>}
          {item.unit && <span>{item.unit.name}</span>}
        </span>
      }
      aside={
        <>
          <Tag tone={stateTone(item.state)}>{item.state_text}</Tag>
          {item.complexity === "KOMPLICERAD" && <Tag tone="warn">Komplicerat</Tag>}
          {item.secrecy && item.secrecy.level !== "OPPEN" && (
            <Tag icon="lock" square>
              Sekretess
            </Tag>
          )}
        </>
      }
    >
      {stale && <Failed what="Det senaste" />}
      <Steps label="Ärendets väg" steps={wayOf(item.state)} />
      <div className="case">
        <div className="case-next ly-stack ly-stack-s">
          <NextStepCard item={item} />
        </div>
        <div className="case-main ly-stack">
          <Tabs label="Ärendets delar" items={tabs} />
          {held ? (
            <Alert tone="info" title="Ärendet finns hos lex Sarah-ansvarig">
              Du får veta att ärendet tas om hand, men ser inte innehållet så länge.
            </Alert>
          ) : (
            <Routes>
              <Route index element={<Overview item={item} />} />
              <Route path="utredning" element={<InvestigationTab item={item} />} />
              <Route path="atgarder" element={<MeasuresTab item={item} />} />
              <Route path="meddelanden" element={<MessagesTab item={item} />} />
              <Route path="historik" element={<HistoryTab item={item} />} />
            </Routes>
          )}
        </div>
        <Side item={item} />
      </div>
    </Page>
  );
}

function Side({ item }: { item: Case }) {
  const risk = item.risk_value ? riskBand(item.risk_value) : undefined;
  return (
    <aside className="case-side ly-stack" aria-label="Om ärendet">
      <section className="ly-card">
        <h2>Ansvar och tid</h2>
        <Facts
          list
          rows={[
            { word: "Handläggare", value: item.handler?.name ?? "Ingen än" },
            item.investigator && { word: "Utredare", value: item.investigator.name },
            item.superior && { word: "Överordnad chef", value: item.superior.name },
            item.due_on && {
              word: "Klart senast",
              value: <DueText on={item.due_on} text={item.due_text} late={item.late} />,
            },
            risk && { word: "Riskvärde", value: <Tag tone={risk.tone}>{risk.text}</Tag> },
          ]}
        />
      </section>
      <Secrecy item={item} />
    </aside>
  );
}

function Secrecy({ item }: { item: Case }) {
  const { secrecy } = item;
  if (!secrecy || secrecy.level === "OPPEN") return null;
  return (
    <section className="ly-card case-secrecy">
      <h2>
        <Icon name="lock" /> Sekretess
      </h2>
      <p className="ly-muted">
        {[
          secrecy.law ? shortLaw(secrecy.law) : "Uppgifter om enskilda skyddas",
          secrecy.on && `Märkt ${secrecy.on}`,
          secrecy.authority,
        ]
          .filter(Boolean)
          .join(". ")}
        .
      </p>
      {item.readers_count !== null && (
        <p className="ly-muted ly-small">
          {item.readers_count === 1
            ? "1 person har läst ärendet."
            : `${item.readers_count} personer har läst ärendet.`}{" "}
          Varje läsning loggas.
        </p>
      )}
    </section>
  );
}
