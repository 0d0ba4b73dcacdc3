import { useState } from "react";
import { IdleWarning } from "../app/IdleWarning";
import { SessionProvider, useSession } from "../app/session";
import { loadDraft } from "../api/drafts";
import { get } from "../api/client";
import type { Codes, List, Receipt, Session, Unit } from "../api/model";
import { ApiError } from "../api/problems";
import { useFetched } from "../api/useFetched";
import { blankReport, fromDraft } from "../features/report/form";
import { reportDraft, ReportForm } from "../features/report/ReportForm";
import { Sent } from "../features/report/Sent";
import { t } from "../i18n";
import { Failed, Mark, Skeleton, useHeading } from "../ui";

/** Who is not logged in is sent to the login page of the app, which leads back here. */
export function ReportApp() {
  const session = useFetched("session", () => get<Session>("/session"));
  if (session.data) {
    return (
      <SessionProvider session={session.data} keep={session.set}>
        <Frame />
      </SessionProvider>
    );
  }
  if (session.error instanceof ApiError && session.error.signedOut) {
    window.location.replace("/app/logga-in/rapportera");
    return null;
  }
  return (
    <main className="ly-page-narrow">
      {session.error ? <Failed what={t("report.formularet")} retry={session.refetch} /> : <Skeleton />}
    </main>
  );
}

function Frame() {
  const { session } = useSession();
  return (
    <>
      <a className="ly-skip" href="#main">
        {t("app.skip")}
      </a>
      <header className="ly-header">
        <div className="ly-header-in report-head">
          <a href="/app/" className="ly-brand" aria-label={t("report.lyhord_till_startsidan")}>
            <Mark />
            {t("app.name")}
          </a>
          <span className="report-who">
            <b>{session.person.name}</b>
            <small>{session.tenant.name}</small>
          </span>
          <a className="report-mine" href="/app/mina-rapporter">
            {t("menu.mine")}
          </a>
        </div>
      </header>
      <main id="main" className="ly-page-narrow">
        <Report homeUnit={session.home_unit_id ?? ""} />
      </main>
      <IdleWarning />
    </>
  );
}

function Report({ homeUnit }: { homeUnit: string }) {
  const [receipt, setReceipt] = useState<Receipt>();
  const [round, setRound] = useState(0);
  const draft = useFetched(round, () => loadDraft(reportDraft));
  const units = useFetched("units", () => get<List<Unit>>("/units"));
  const codes = useFetched("codes", () => get<Codes>("/codes"));
  if (receipt) {
    return (
      <Sent
        receipt={receipt}
        onAgain={() => {
          setReceipt(undefined);
          setRound(round + 1);
        }}
      />
    );
  }
  // A draft that cannot be read must not stop a new report.
  if (draft.isPending) return <Skeleton />;
  const start = draft.data ? fromDraft(draft.data.body, homeUnit) : blankReport(homeUnit);
  return (
    <>
      <ReportHeading continued={Boolean(draft.data)} />
      <ReportForm
        key={round}
        start={start}
        units={units}
        quick={codes.data?.quick_categories ?? []}
        onSent={setReceipt}
      />
    </>
  );
}

function ReportHeading({ continued }: { continued: boolean }) {
  const heading = useHeading(t("report.rapportera_avvikelse"));
  return (
    <div className="report-title">
      <h1 ref={heading} tabIndex={-1}>
        {t("report.rapportera_avvikelse")}
      </h1>
      {continued && <p className="ly-lead">{t("report.du_fortsatter_pa_det_du")}</p>}
    </div>
  );
}
