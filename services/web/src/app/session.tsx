// Who is logged in, in which organisation, and what the server lets that person see.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { onSession, post, remove } from "../api/client";
import type { Session } from "../api/model";

type Control = {
  session: Session;
  /** The cookie has ended while a page was open; what is typed there is still there. */
  expired: boolean;
  may: (permission: string) => boolean;
  switchTenant: (slug: string) => Promise<void>;
  logout: () => Promise<void>;
  resume: (session: Session) => void;
  keep: (session: Session) => void;
};

const SessionContext = createContext<Control | undefined>(undefined);

export function useSession(): Control {
  const control = useContext(SessionContext);
  if (!control) throw new Error("useSession outside of a session");
  return control;
}

type ProviderProps = {
  session: Session;
  /** Keeps what the server last said about the session. */
  keep: (session: Session) => void;
  /** The same person has logged in again: what was fetched may be old. */
  renewed?: () => void;
  children: ReactNode;
};

export function SessionProvider({ session, keep, renewed, children }: ProviderProps) {
  const [expired, setExpired] = useState(false);
  useEffect(() => onSession((event) => event === "signed-out" && setExpired(true)), []);

  // Another person or organisation must never see what was fetched for the former: everything goes.
  const begin = useCallback((address: string) => window.location.assign(address), []);

  const resume = useCallback(
    (next: Session) => {
      if (next.person.id !== session.person.id || next.tenant.slug !== session.tenant.slug)
        return begin("/app/");
      keep(next);
      setExpired(false);
      renewed?.();
    },
    [begin, keep, renewed, session],
  );
  const switchTenant = useCallback(
    async (tenant: string) => {
      await post("/session/tenant", { body: { tenant } });
      begin("/app/");
    },
    [begin],
  );
  const logout = useCallback(async () => {
    await remove("/session");
    begin("/app/");
  }, [begin]);

  const control = useMemo<Control>(() => {
    const permissions = new Set(session.permissions);
    return {
      session,
      expired,
      may: (permission) => permissions.has(permission),
      switchTenant,
      logout,
      resume,
      keep,
    };
  }, [session, expired, switchTenant, logout, resume, keep]);
  return <SessionContext value={control}>{children}</SessionContext>;
}
