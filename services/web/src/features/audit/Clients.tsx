import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post, remove } from "../../api/client";
import type { Client, List, NewClient } from "../../api/model";
import { explain } from "../../api/problems";
import { dateLong, t } from "../../i18n";
import { Alert, Button, Check, Dialog, Empty, Failed, Field, Page, Skeleton, useToast } from "../../ui";

const scopes = [
  { value: "case:report", label: t("clients.rapportera") },
  { value: "case:take-down", label: t("clients.ta_emot") },
  { value: "code:list", label: t("clients.koder") },
  { value: "unit:list", label: t("clients.enheter") },
];
const scopeWord = (value: string) => scopes.find((one) => one.value === value)?.label ?? value;

/** The tenant's own systems: each has a secret that is shown once. */
export function Clients() {
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Client>();
  const list = useQuery({ queryKey: ["clients"], queryFn: () => get<List<Client>>("/clients") });
  const rows = list.data?.items ?? [];
  return (
    <Page title={t("clients.system")} lead={t("clients.lead")}>
      <div className="ly-stack">
        <div>
          <Button onClick={() => setMaking(true)}>{t("clients.nytt")}</Button>
        </div>
        {list.isPending && <Skeleton />}
        {list.error && <Failed what={t("clients.systemen")} retry={() => void list.refetch()} />}
        {list.data && rows.length === 0 && (
          <section className="ly-card">
            <Empty title={t("clients.inga")} />
          </section>
        )}
        {rows.map((row) => (
          <article key={row.id} className="ly-card ly-stack">
            <div>
              <h2>{row.name}</h2>
              <p className="ly-muted">
                {t("clients.skapat")} {dateLong(row.created_at)}
              </p>
              <p className="ly-num ly-small">{row.id}</p>
            </div>
            <ul>
              {(row.scopes ?? []).map((scope) => (
                <li key={scope}>{scopeWord(scope)}</li>
              ))}
            </ul>
            <div>
              <Button
                variant="secondary"
                onClick={() => setEnding(row)}
                aria-label={`${t("clients.ta_bort")}: ${row.name}`}
              >
                {t("clients.ta_bort")}
              </Button>
            </div>
          </article>
        ))}
      </div>
      {making && <Make onClose={() => setMaking(false)} />}
      {ending && <End client={ending} onClose={() => setEnding(undefined)} />}
    </Page>
  );
}

function Make({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<string[]>(["case:report"]);
  const [missing, setMissing] = useState<string>();
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: () => post<NewClient>("/clients", { body: { name: name.trim(), scopes: chosen } }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["clients"] }),
  });
  if (make.data) {
    return (
      <Dialog title={t("clients.spara_hemligheten")} onClose={onClose}>
        <div className="ly-stack">
          <Alert tone="warning" title={t("clients.visas_en_gang")}>
            {t("clients.visas_en_gang_text")}
          </Alert>
          <Field label={t("clients.id")} readOnly value={make.data.id} />
          <Field label={t("clients.hemlighet")} readOnly value={make.data.client_secret} />
          <div>
            <Button onClick={onClose}>{t("clients.sparad")}</Button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("clients.nytt")} onClose={onClose}>
      <form
        className="ly-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const wrong = !name.trim() ? t("clients.skriv_namn") : undefined;
          setMissing(wrong);
          if (!wrong) make.mutate();
        }}
      >
        {make.error && <Alert tone="danger">{explain(make.error)}</Alert>}
        <Field
          label={t("clients.namn")}
          value={name}
          maxLength={120}
          error={missing}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset className="ly-stack">
          <legend>{t("clients.far")}</legend>
          {scopes.map((scope) => (
            <Check
              key={scope.value}
              label={scope.label}
              checked={chosen.includes(scope.value)}
              onChange={() =>
                setChosen(
                  chosen.includes(scope.value)
                    ? chosen.filter((one) => one !== scope.value)
                    : [...chosen, scope.value],
                )
              }
            />
          ))}
        </fieldset>
        <div>
          <Button type="submit" busy={make.isPending}>
            {t("clients.skapa")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function End({ client, onClose }: { client: Client; onClose: () => void }) {
  const queries = useQueryClient();
  const say = useToast();
  const end = useMutation({
    mutationFn: () => remove<undefined>("/clients/{id}", { path: { id: client.id } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["clients"] });
      say(t("clients.borttaget"));
      onClose();
    },
  });
  return (
    <Dialog title={t("clients.ta_bort_fraga", { name: client.name })} onClose={onClose}>
      <div className="ly-stack">
        <p>{t("clients.ta_bort_text")}</p>
        {end.error && <Alert tone="danger">{explain(end.error)}</Alert>}
        <div className="ly-row">
          <Button busy={end.isPending} onClick={() => end.mutate()}>
            {t("clients.ta_bort")}
          </Button>
          <Button variant="secondary" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
