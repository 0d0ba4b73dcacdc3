import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { get } from "../api/client";
import type { DemoGroup, Session } from "../api/model";
import { explain } from "../api/problems";
import { t } from "../i18n";
import { Alert, Details, Field, Icon, Mark, useHeading } from "../ui";
import { LoginForm, useLogin } from "./LoginForm";
import { roleName } from "./menu";

export function Login({ onDone }: { onDone: (session: Session) => void }) {
  const heading = useHeading(t("login.title"));
  const demo = useQuery({
    queryKey: ["list-demo-logins"],
    queryFn: () => get<{ groups: DemoGroup[]; password: string }>("/demo/logins"),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className="login">
      <a className="ly-skip" href="#main">
        {t("app.skip")}
      </a>
      <header className="ly-header login-head">
        <div className="ly-header-in">
          <span className="ly-brand">
            <Mark />
            {t("app.name")}
          </span>
        </div>
      </header>
      <main id="main" className="login-main" data-demo={demo.data ? "" : undefined}>
        <section className="ly-card login-card">
          <h1 ref={heading} tabIndex={-1}>
            {t("login.title")}
          </h1>
          <p className="ly-lead">{t("login.lead")}</p>
          <LoginForm onDone={onDone} />
        </section>
        {demo.data && <Demo groups={demo.data.groups} password={demo.data.password} onDone={onDone} />}
      </main>
    </div>
  );
}

type DemoProps = { groups: readonly DemoGroup[]; password: string; onDone: (session: Session) => void };

type DemoLogin = DemoGroup["logins"][number];
type RolesProps = {
  logins: readonly DemoLogin[];
  busy: boolean;
  all: boolean;
  onChoose: (login: DemoLogin) => void;
};

/** One person of each role first; the many managers of a large organisation lie folded in. */
function Roles({ logins, busy, all, onChoose }: RolesProps) {
  const first = logins.filter(
    (one, index) => all || logins.findIndex((other) => other.role === one.role) === index,
  );
  const rest = logins.filter((one) => !first.includes(one));
  const buttons = (some: readonly DemoLogin[]) => (
    <div className="login-roles">
      {some.map((one) => (
        <button
          key={one.login}
          type="button"
          className="login-role"
          disabled={busy}
          onClick={() => onChoose(one)}
        >
          <b>{roleName(one.role)}</b>
          <small>{one.name}</small>
          <Icon name="next" />
        </button>
      ))}
    </div>
  );
  return (
    <>
      {buttons(first)}
      {rest.length > 0 && (
        <Details summary={t("login.demo_more", { n: rest.length })}>{buttons(rest)}</Details>
      )}
    </>
  );
}

/** Logins whose organisation, role or name holds every word of the search. */
function matching(group: DemoGroup, words: readonly string[]): DemoGroup {
  const place = `${group.tenant.city ?? ""} ${group.tenant.name}`;
  const hit = (one: DemoGroup["logins"][number]) => {
    const text = `${place} ${roleName(one.role)} ${one.name} ${one.title ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return { ...group, logins: group.logins.filter(hit) };
}

/** One-click logins of invented people. The server offers them only in demonstration mode. */
function Demo({ groups, password, onDone }: DemoProps) {
  const [search, setSearch] = useState("");
  const login = useLogin(onDone);
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const hits = useMemo(
    () => groups.map((group) => matching(group, words)).filter((group) => group.logins.length > 0),
    [groups, search],
  );
  const open = words.length > 0 && hits.length <= 8;
  const cities = [...new Set(hits.map((group) => group.tenant.city ?? ""))];
  return (
    <section className="login-demo" aria-labelledby="demo">
      <h2 id="demo">{t("login.demo_title")}</h2>
      <p className="ly-muted">{t("login.demo_lead")}</p>
      <Field
        label={t("login.demo_filter")}
        type="search"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {Boolean(login.error) && (
        <Alert tone="danger" live>
          {explain(login.error)}
        </Alert>
      )}
      {cities.length === 0 && <p role="status">{t("login.demo_none")}</p>}
      {cities.map((city, cityIndex) => (
        <div key={city} className="login-city">
          <h3>{city}</h3>
          {hits
            .filter((group) => (group.tenant.city ?? "") === city)
            .map((group, index) => (
              <Details
                key={`${group.tenant.slug}-${open}`}
                open={open || (words.length === 0 && cityIndex === 0 && index === 0)}
                summary={
                  <>
                    {group.tenant.name} <span className="ly-count">{group.logins.length}</span>
                  </>
                }
              >
                <Roles
                  logins={group.logins}
                  busy={login.isPending}
                  onChoose={(one) => void login.mutate({ login: one.login, password })}
                  all={open}
                />
              </Details>
            ))}
        </div>
      ))}
    </section>
  );
}
