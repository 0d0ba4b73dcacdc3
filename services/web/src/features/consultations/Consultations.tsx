import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { get, post } from "../../api/client";
import type { Case, ConsultationRow, List } from "../../api/model";
import { explain } from "../../api/problems";
import { dateLong, t } from "../../i18n";
import { Alert, Button, Empty, Failed, Page, Radios, Skeleton, Textarea, useToast } from "../../ui";
import { ReportCard } from "../case/Overview";
import { refreshLists, useCase } from "../case/useCase";
import "./consultations.css";

/** Questions from one's own managers: simple or complicated. One decision a card, with its reason. */
export function Consultations() {
  const list = useQuery({
    queryKey: ["list-consultations"],
    queryFn: () => get<List<ConsultationRow>>("/consultations"),
  });
  const rows = list.data?.items ?? [];
  return (
    <Page title={t("consultations.att_bedoma")} lead={t("consultations.chefer_som_rapporterar_till_dig")}>
      {list.isPending && <Skeleton />}
      {list.error && <Failed what={t("consultations.fragorna")} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <section className="ly-card">
          <Empty icon="people" title={t("consultations.inget_vantar_pa_dig")} />
        </section>
      )}
      <div className="ly-stack">
        {rows.map((row) => (
          <Card key={row.id} row={row} />
        ))}
      </div>
    </Page>
  );
}

const choices = [
  {
    value: "ENKEL",
    label: t("consultations.enkelt"),
    hint: t("consultations.registreringen_i_samlingsakten_racker"),
  },
  {
    value: "KOMPLICERAD",
    label: t("consultations.komplicerat"),
    hint: t("consultations.arendet_utreds_och_far_ett"),
  },
];

function Card({ row }: { row: ConsultationRow }) {
  const item = useCase(row.case_id);
  return (
    <article className="ly-card consult">
      <div className="ly-stack">
        <div>
          <h2>
            <Link to={`/arenden/${row.case_id}`}>{row.subject ?? row.reference}</Link>
          </h2>
          <p className="ly-muted ly-small">
            <span className="ly-num">{row.entry_no ?? row.reference}</span>
            {row.unit_name && ` · ${row.unit_name}`}
            {row.due_text && ` · ${row.due_text}`}
          </p>
        </div>
        <div>
          <p className="ly-muted ly-small">
            {row.asked_by_name} {t("consultations.fragar")} {dateLong(row.asked_at)}
          </p>
          <blockquote className="ly-quote">{row.question}</blockquote>
        </div>
        {item.data && <ReportCard item={item.data} />}
        {item.error && <Failed what={t("consultations.rapporten")} retry={() => void item.refetch()} />}
      </div>
      {item.data ? <Decide item={item.data} row={row} /> : <Skeleton rows={3} />}
    </article>
  );
}

function Decide({ item, row }: { item: Case; row: ConsultationRow }) {
  const [decision, setDecision] = useState("");
  const [motivation, setMotivation] = useState("");
  const [errors, setErrors] = useState<{ decision?: string; motivation?: string }>({});
  const queries = useQueryClient();
  const say = useToast();
  const decide = useMutation({
    mutationFn: () =>
      post<Case>("/cases/{id}/complexity", {
        path: { id: item.id },
        body: { decision, motivation: motivation.trim() },
        version: item.version,
      }),
    onSuccess: () => {
      say(t("consultations.beslutet_om_ar_sparat", { word: row.entry_no ?? row.reference }));
      refreshLists(queries, item.id);
    },
  });
  const allowed = (item.actions ?? []).find((action) => action.act === "decide-complexity");
  const refused =
    allowed && !allowed.allowed ? (allowed.reason ?? t("consultations.du_kan_inte_besluta_i")) : undefined;
  return (
    <form
      className="ly-stack consult-decide"
      onSubmit={(event) => {
        event.preventDefault();
        const found = {
          ...(decision ? {} : { decision: t("consultations.valj_enkelt_eller_komplicerat") }),
          ...(motivation.trim() ? {} : { motivation: t("consultations.skriv_en_motivering") }),
        };
        setErrors(found);
        if (Object.keys(found).length === 0) decide.mutate();
      }}
    >
      <Radios
        name={`decision-${row.id}`}
        label={t("consultations.ditt_beslut")}
        value={decision}
        onChange={setDecision}
        options={choices}
        error={errors.decision}
      />
      <Textarea
        label={t("consultations.motivering")}
        rows={4}
        value={motivation}
        onChange={(event) => setMotivation(event.target.value)}
        error={errors.motivation}
      />
      {decide.error && !decide.isPending && (
        <Alert tone="danger" live>
          {explain(decide.error)}
        </Alert>
      )}
      {refused && <p className="ly-muted">{refused}</p>}
      <Button type="submit" busy={decide.isPending} refused={refused}>
        {t("consultations.besluta")}
      </Button>
    </form>
  );
}
