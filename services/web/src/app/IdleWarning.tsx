import { useEffect, useState } from "react";
import { get, onSession } from "../api/client";
import type { Session } from "../api/model";
import { t } from "../i18n";
import { Button, Dialog } from "../ui";
import { LoginForm } from "./LoginForm";
import { useSession } from "./session";

const warnBefore = 2 * 60;

/** Warns two minutes before the session ends for idleness, and lets a person log in again on top of
 *  the page, so that nothing typed is lost. */
export function IdleWarning() {
  const { session, expired, resume, keep } = useSession();
  const left = useSecondsLeft(session.expires_at);
  if (expired) {
    return (
      <Dialog title={t("login.title")} onClose={() => window.location.reload()}>
        <p>{t("login.expired")}</p>
        <LoginForm onDone={resume} />
      </Dialog>
    );
  }
  if (left > warnBefore) return null;
  const stay = async () => keep(await get<Session>("/session"));
  return (
    <Dialog title={t("session.title")} onClose={() => void stay()}>
      <div className="ly-stack">
        <p>{t("session.text", { n: Math.max(1, Math.ceil(left / 60)) })}</p>
        <Button onClick={() => void stay()}>{t("action.continue")}</Button>
      </div>
    </Dialog>
  );
}

/** Every answer of the server begins the idle time anew; this only counts along. The first answer says
 *  how long it is. */
function useSecondsLeft(expiresAt: string): number {
  const [left, setLeft] = useState(Number.POSITIVE_INFINITY);
  useEffect(() => {
    const idle = Math.max(0, Date.parse(expiresAt) - Date.now());
    let ends = Date.now() + idle;
    const show = () => setLeft(Math.round((ends - Date.now()) / 1000));
    show();
    const off = onSession((event) => {
      if (event !== "contact") return;
      ends = Date.now() + idle;
      show();
    });
    const tick = window.setInterval(show, 15_000);
    return () => {
      off();
      window.clearInterval(tick);
    };
  }, [expiresAt]);
  return left;
}
