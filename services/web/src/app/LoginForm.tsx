import { type FormEvent, useState } from "react";
import { post } from "../api/client";
import type { Session } from "../api/model";
import { ApiError, explain } from "../api/problems";
import { useSending } from "../api/sending";
import { t } from "../i18n";
import { Button, Check, ErrorSummary, Field, type FieldErrors } from "../ui";

export function useLogin(onDone: (session: Session) => void) {
  return useSending(
    (body: { login: string; password: string }) => post<Session>("/session", { body }),
    onDone,
  );
}

/** Username and password. The answer to a wrong one never tells which of them was wrong. */
export function LoginForm({ onDone }: { onDone: (session: Session) => void }) {
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [visible, setVisible] = useState(false);
  const [errors, setErrors] = useState<FieldErrors>({});
  const login = useLogin(onDone);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found: FieldErrors = {};
    if (!user.trim()) found.login = t("login.need_user");
    if (!password) found.password = t("login.need_password");
    setErrors(found);
    if (Object.keys(found).length === 0) void login.mutate({ login: user.trim(), password });
  };
  const refused = login.error instanceof ApiError && login.error.signedOut;
  const message = login.error ? (refused ? t("login.wrong") : explain(login.error)) : undefined;

  return (
    <form className="ly-stack" onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} message={login.isPending ? undefined : message} />
      <Field
        id="login"
        label={t("login.user")}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={user}
        onChange={(event) => setUser(event.target.value)}
        error={errors.login}
      />
      <Field
        id="password"
        label={t("login.password")}
        type={visible ? "text" : "password"}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={errors.password}
      />
      <Check
        label={t("login.show")}
        checked={visible}
        onChange={(event) => setVisible(event.target.checked)}
      />
      <Button type="submit" busy={login.isPending}>
        {t("login.submit")}
      </Button>
    </form>
  );
}
