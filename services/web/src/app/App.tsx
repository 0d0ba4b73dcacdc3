import { lazy, Suspense, useEffect } from "react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import { Clients } from "../features/audit/Clients";
import { Log } from "../features/audit/Log";
import { CasePage } from "../features/case/CasePage";
import { Consultations } from "../features/consultations/Consultations";
import { Day } from "../features/day/Day";
import { Desk } from "../features/desk/Desk";
import { HeldList } from "../features/lexsarah/HeldCase";
import { LexInbox } from "../features/lexsarah/LexInbox";
import { LexPage } from "../features/lexsarah/LexPage";
import { Inbox } from "../features/inbox/Inbox";
import { MeasureList } from "../features/measures/MeasureList";
import { MyReports } from "../features/mine/MyReports";
import { Extract } from "../features/register/Extract";
import { Register } from "../features/register/Register";
import { Routine } from "../features/routine/Routine";
import { TakeDown } from "../features/takedown/TakeDown";
import { ApiError, NetworkError } from "../api/problems";
import { t } from "../i18n";
import { Failed, Page, Skeleton, Toasts } from "../ui";
import { Login } from "./Login";
import { menuOf, reportPath } from "./menu";
import type { Session } from "../api/model";
import { SessionProvider, useSession } from "./session";
import { sessionKey, useSessionQuery } from "./useSessionQuery";
import { Shell } from "./Shell";

// Charts are fetched only by those who look at figures.
const City = lazy(() => import("../features/city/City").then((module) => ({ default: module.City })));

const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: (count, error) => error instanceof NetworkError && count < 2 },
    mutations: { retry: false },
  },
});

const keep = (session: Session) => void queries.setQueryData(sessionKey, session);
const renewed = () => void queries.invalidateQueries();

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <BrowserRouter basename="/app">
        <Toasts>
          <Entrance />
        </Toasts>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

/** Not logged in: the login page at the same address, so that a person lands where she was going. */
function Entrance() {
  const session = useSessionQuery();
  if (session.data) {
    return (
      <SessionProvider session={session.data} keep={keep} renewed={renewed}>
        <Pages />
      </SessionProvider>
    );
  }
  if (session.error instanceof ApiError && session.error.signedOut) {
    return <Login onDone={keep} />;
  }
  return (
    <main className="ly-page-narrow">
      {session.error ? <Failed what={t("app.name")} retry={() => void session.refetch()} /> : <Skeleton />}
    </main>
  );
}

/** The screens, and what a person must be allowed to see one. The server decides; this only says so in time. */
const screens = [
  { path: "rutin", needs: "routine:read", element: <Routine /> },
  { path: "min-dag", needs: "day:read", element: <Day /> },
  { path: "inkorg", needs: "case:list", element: <Inbox key="inbox" title={t("menu.inbox")} /> },
  {
    path: "arenden",
    needs: "case:list",
    element: <Inbox key="cases" title={t("menu.cases")} start="ALLA" empty={t("app.inga_arenden")} />,
  },
  {
    path: "utredningar",
    needs: "case:list",
    element: (
      <Inbox
        key="investigations"
        title={t("menu.investigations")}
        start="UTREDS"
        empty={t("app.inget_att_utreda_nu_utredningar")}
      />
    ),
  },
  { path: "registrera/:id?", needs: "register:queue", element: <Desk /> },
  {
    path: "lex-sarah",
    needs: "lex:list",
    element: <LexInbox />,
  },
  {
    path: "lex-sarah/:id",
    needs: "lex:open",
    element: <LexPage />,
  },
  { path: "hos-lex-sarah", needs: "lex:list-held", element: <HeldList /> },
  { path: "ta-emot", needs: "case:take-down", element: <TakeDown /> },
  { path: "diarium", needs: "register:list", element: <Register /> },
  { path: "diarium/utdrag/:id", needs: "register:list", element: <Extract /> },
  { path: "att-bedoma", needs: "consultation:list", element: <Consultations /> },
  { path: "atgarder", needs: "measure:list", element: <MeasureList /> },
  { path: "granskning", needs: "log:sample", element: <Log /> },
  { path: "system", needs: "client:list", element: <Clients /> },
  { path: "mina-rapporter", needs: "case:list-own", element: <MyReports /> },
  {
    path: "staden",
    needs: "city:read",
    element: (
      <Suspense fallback={<Skeleton />}>
        <City />
      </Suspense>
    ),
  },
];

function Pages() {
  const { session, may } = useSession();
  const home = menuOf(session)[0]?.path;
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<Home path={home} />} />
        <Route path="logga-in/rapportera" element={<Home path={reportPath} />} />
        <Route path="arenden/:id/*" element={<CasePage />} />
        {screens.map((screen) => (
          <Route
            key={screen.path}
            path={screen.path}
            element={may(screen.needs) ? screen.element : <Forbidden />}
          />
        ))}
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}

/** The first thing in the menu. The report form is another document, which the router cannot reach. */
function Home({ path }: { path: string | undefined }) {
  useEffect(() => {
    if (path === reportPath) window.location.replace(`/app${reportPath}`);
  }, [path]);
  if (path === reportPath) return null;
  return path ? <Navigate to={path} replace /> : <Welcome />;
}

/** Some roles have no page of their own yet. */
function Welcome() {
  return (
    <Page title={t("home.none_title")} narrow>
      <p>{t("home.none")}</p>
    </Page>
  );
}

function Forbidden() {
  return (
    <Page title={t("error.forbidden_title")} narrow>
      <p>{t("error.forbidden")}</p>
    </Page>
  );
}

export function NotFound() {
  return (
    <Page title={t("error.not_found_title")} narrow>
      <p>{t("error.not_found")}</p>
    </Page>
  );
}
