// The frame of every page after login: header, menu made of what the server offers, help, idle warning.
import { useEffect, useState } from "react";
import { Link, NavLink, Outlet, useLocation, useNavigate } from "react-router";
import { explain } from "../api/problems";
import { dateTime, t } from "../i18n";
import { Icon, Mark, Menu, useShortcuts, useToast } from "../ui";
import { IdleWarning } from "./IdleWarning";
import { KeyboardHelp } from "./KeyboardHelp";
import { type MenuItem, menuOf, reportPath } from "./menu";
import { useSession } from "./session";

function MenuLink({ item, icon }: { item: MenuItem; icon?: boolean }) {
  const label = (
    <>
      {icon && <Icon name={item.icon} />}
      {item.label}
    </>
  );
  if (item.path === reportPath) return <a href={`/app${reportPath}`}>{label}</a>;
  return <NavLink to={item.path}>{label}</NavLink>;
}

export function Shell() {
  const { session } = useSession();
  const [help, setHelp] = useState(false);
  const [hidden, setHidden] = useState(false);
  const navigate = useNavigate();
  const menu = menuOf(session);
  const home = menu.find((item) => item.path !== reportPath)?.path ?? "/";
  const { pathname } = useLocation();

  useShortcuts({
    "Alt+Shift+I": () => void navigate(home),
    "Alt+Shift+N": menu.some((item) => item.path === reportPath)
      ? () => window.location.assign(`/app${reportPath}`)
      : undefined,
    "Alt+Shift+S": () => setHidden((now) => !now),
    "?": () => setHelp(true),
  });

  return (
    <div className="shell" data-hide-personal={hidden ? "" : undefined}>
      <a className="ly-skip" href="#main">
        {t("app.skip")}
      </a>
      <header className="ly-header">
        <div className="ly-header-in">
          <Link to={home} className="ly-brand">
            <Mark />
            {t("app.name")}
          </Link>
          <nav className="shell-nav" aria-label={t("app.main_menu")}>
            {menu.map((item) => (
              <MenuLink key={item.path} item={item} />
            ))}
          </nav>
          <div className="shell-user">
            <Account onHelp={() => setHelp(true)} />
          </div>
        </div>
      </header>
      <PrintMark />
      <main id="main" key={pathname.split("/")[1]} tabIndex={-1}>
        <Outlet />
      </main>
      {help && <KeyboardHelp onClose={() => setHelp(false)} />}
      <IdleWarning />
    </div>
  );
}

/** Stands on every printed page: who printed it and when, and that it is secret unless it is the city's figures. */
function PrintMark() {
  const { session, may } = useSession();
  const [at, setAt] = useState(() => new Date());
  useEffect(() => {
    const now = () => setAt(new Date());
    window.addEventListener("beforeprint", now);
    return () => window.removeEventListener("beforeprint", now);
  }, []);
  const who = t("print.by", { name: session.person.name, time: dateTime(at) });
  return (
    <p className="ly-print shell-print">
      {session.tenant.name} · {may("city:read") ? who : `${t("print.secret")} · ${who}`}
    </p>
  );
}

function Account({ onHelp }: { onHelp: () => void }) {
  const { session, switchTenant, logout } = useSession();
  const say = useToast();
  const others = (session.tenants ?? []).filter((tenant) => tenant.slug !== session.tenant.slug);
  const failed = (error: unknown) => say(explain(error), { danger: true });
  return (
    <Menu
      label={t("app.your_account")}
      summary={
        <>
          <span className="shell-who">
            <b>{session.person.name}</b>
            <small>{session.tenant.name}</small>
          </span>
          <Icon name="user" />
        </>
      }
    >
      <div className="shell-menu-nav">
        {menuOf(session).map((item) => (
          <MenuLink key={item.path} item={item} icon />
        ))}
        <hr />
      </div>
      {others.length > 0 && (
        <>
          <p className="shell-menu-head">{t("app.switch_tenant")}</p>
          {others.map((tenant) => (
            <button
              key={tenant.slug}
              type="button"
              onClick={() => void switchTenant(tenant.slug).catch(failed)}
            >
              <Icon name="swap" />
              {tenant.name}
            </button>
          ))}
          <hr />
        </>
      )}
      {session.demo && (
        <a href="/dev/mail">
          <Icon name="send" />
          {t("menu.mails")}
        </a>
      )}
      <button type="button" onClick={onHelp} aria-keyshortcuts="?">
        <Icon name="keyboard" />
        {t("app.help")}
      </button>
      <button type="button" onClick={() => void logout().catch(failed)}>
        <Icon name="exit" />
        {t("app.logout")}
      </button>
    </Menu>
  );
}
