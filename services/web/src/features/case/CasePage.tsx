import { Route, Routes, useNavigate, useParams } from "react-router";
import type { Case } from "../../api/model";
import { ApiError } from "../../api/problems";
import { shortLaw, useCodes } from "../../api/reference";
import { useSession } from "../../app/session";
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
import { RecordsTab } from "../record/RecordsTab";
import { DueText } from "./DueText";
import { HistoryTab } from "./HistoryTab";
import { InvestigationTab } from "./InvestigationTab";
import { MeasuresTab } from "./MeasuresTab";
import { MessagesTab } from "./MessagesTab";
import { NextStepCard } from "./NextStepCard";
import { Overview } from "./Overview";
import { HeldCase } from "../lexsarah/HeldCase";
import { useCase } from "./useCase";
import { caseNumbers, caseTitle, riskBand, stateTone, wayOf } from "./words";
import "./case.css";

export function CasePage() {
  const { id } = useParams();
  const item = useCase(id);
  if (item.data) return <Loaded item={item.data} stale={item.isError} />;
  if (item.error instanceof ApiError && item.error.notFound) return <HeldCase id={id ?? ""} />;
  return (
    <Page title={t("case.arende")}>
      {item.error ? (
        <Failed what={t("case.arendet")} retry={() => void item.refetch()} />
      ) : (
        <Skeleton rows={8} />
      )}
    </Page>
  );
}

function Loaded({ item, stale }: { item: Case; stale: boolean }) {
  const codes = useCodes();
  const navigate = useNavigate();
  const { may } = useSession();
  const base = `/arenden/${item.id}`;
  const tabs: TabItem[] = [
    { to: base, label: t("case.oversikt"), end: true, keys: "Alt+1" },
    { to: `${base}/utredning`, label: t("case.utredning"), keys: "Alt+2" },
    {
      to: `${base}/atgarder`,
      label: t("case.atgarder"),
      count: item.measures?.length || undefined,
      keys: "Alt+3",
    },
    {
      to: `${base}/meddelanden`,
      label: t("case.meddelanden"),
      count: item.messages?.length || undefined,
      keys: "Alt+4",
    },
    ...(may("record:list")
      ? [{ to: `${base}/handlingar`, label: t("record.handlingar"), keys: "Alt+5" }]
      : []),
    { to: `${base}/historik`, label: t("case.historik"), keys: may("record:list") ? "Alt+6" : "Alt+5" },
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
          {item.complexity === "KOMPLICERAD" && <Tag tone="warn">{t("case.komplicerat")}</Tag>}
          {item.secrecy && item.secrecy.level !== "OPPEN" && (
            <Tag icon="lock" square>
              {t("case.sekretess")}
            </Tag>
          )}
        </>
      }
    >
      {stale && <Failed what={t("case.det_senaste")} />}
      <Steps label={t("case.arendets_vag")} steps={wayOf(item)} />
      <div className="case">
        <div className="case-next ly-stack ly-stack-s">
          <NextStepCard item={item} />
        </div>
        <div className="case-main ly-stack">
          <Tabs label={t("case.arendets_delar")} items={tabs} />
          {held ? (
            <Alert tone="info" title={t("case.arendet_finns_hos_lex_sarah")}>
              {t("case.du_far_veta_att_arendet")}
            </Alert>
          ) : (
            <Routes>
              <Route index element={<Overview item={item} />} />
              <Route path="utredning" element={<InvestigationTab item={item} />} />
              <Route path="atgarder" element={<MeasuresTab item={item} />} />
              <Route path="meddelanden" element={<MessagesTab item={item} />} />
              <Route path="handlingar" element={<RecordsTab item={item} />} />
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
  // What the investigation found stands before what was thought at the classification.
  const found = item.investigation?.risk_value ?? null;
  const value = found ?? item.risk_value;
  const risk = value ? riskBand(value) : undefined;
  return (
    <aside className="case-side ly-stack" aria-label={t("case.om_arendet")}>
      <section className="ly-card">
        <h2>{t("case.ansvar_och_tid")}</h2>
        <Facts
          list
          rows={[
            { word: t("case.handlaggare"), value: item.handler?.name ?? t("case.ingen_an") },
            item.investigator && { word: t("case.utredare"), value: item.investigator.name },
            item.superior && { word: t("case.overordnad_chef"), value: item.superior.name },
            item.due_on && {
              word: t("case.klart_senast"),
              value: <DueText on={item.due_on} text={item.due_text} late={item.late} />,
            },
            risk && {
              word: t("case.riskvarde"),
              value: (
                <>
                  <Tag tone={risk.tone}>{risk.text}</Tag>
                  {found && item.risk_value && found !== item.risk_value ? (
                    <small className="ly-muted case-side-note">
                      {t("case.enligt_utredningen_vid_klassificeringen", { risk_value: item.risk_value })}
                    </small>
                  ) : null}
                </>
              ),
            },
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
        <Icon name="lock" /> {t("case.sekretess")}
      </h2>
      <p className="ly-muted">
        {[
          secrecy.law ? shortLaw(secrecy.law) : t("case.uppgifter_om_enskilda_skyddas"),
          secrecy.on && t("case.markt", { on: secrecy.on }),
          secrecy.authority,
        ]
          .filter(Boolean)
          .join(". ")}
        .
      </p>
      {item.readers_count !== null && (
        <p className="ly-muted ly-small">
          {item.readers_count === 1
            ? t("case.1_person_har_last_arendet")
            : t("case.personer_har_last_arendet", { readers_count: item.readers_count })}{" "}
          {t("case.varje_lasning_loggas")}
        </p>
      )}
    </section>
  );
}
