import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { get } from "../../api/client";
import type { Case, List, SimilarCase } from "../../api/model";
import { useCodes } from "../../api/reference";
import { dateLong, t } from "../../i18n";
import { Details, Failed, Tag, type Tone } from "../../ui";
import { measureStatus } from "./MeasuresTab";

const helped: Record<string, { word: string; tone: Tone }> = {
  JA: { word: t("case.hjalpte_2"), tone: "ok" },
  DELVIS: { word: t("case.hjalpte_delvis_2"), tone: "warn" },
  NEJ: { word: t("case.hjalpte_inte_2"), tone: "danger" },
};

/** Earlier cases about the same at the unit: what was done, and did it help? Fetched only when somebody may write here. */
export function SimilarCard({ item }: { item: Case }) {
  const similar = useQuery({
    queryKey: ["list-similar", item.id],
    queryFn: () => get<List<SimilarCase>>("/cases/{id}/similar", { path: { id: item.id } }),
  });
  const rows = similar.data?.items ?? [];
  if (similar.error)
    return <Failed what={t("case.liknande_arenden_2")} retry={() => void similar.refetch()} />;
  if (!similar.data) return null;
  return (
    <section className="ly-card ly-stack ly-stack-s">
      <Details
        summary={
          rows.length === 0
            ? t("case.inga_liknande_arenden_pa_tva")
            : t("case.liknande_arenden", { length: rows.length })
        }
        open={rows.length > 0}
      >
        {rows.length === 0 ? (
          <p className="ly-muted">{t("case.samma_enhet_och_kategori_de")}</p>
        ) : (
          <ul className="similar">
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ul>
        )}
      </Details>
    </section>
  );
}

function Row({ row }: { row: SimilarCase }) {
  const codes = useCodes();
  return (
    <li>
      <p>
        <Link to={`/arenden/${row.id}`}>{row.subject ?? row.reference}</Link>{" "}
        <span className="ly-muted ly-small">
          {[row.entry_no ?? row.reference, dateLong(row.received_at), row.state_text].join(" · ")}
        </span>
      </p>
      {row.cause_areas.length > 0 && (
        <p className="ly-muted ly-small">
          {row.cause_areas.map((area) => codes.label("cause_area", area)).join(" · ")}
        </p>
      )}
      {row.measures.length === 0 && <p className="ly-muted ly-small">{t("case.ingen_atgard")}</p>}
      {row.measures.map((measure, index) => {
        const effect = measure.effect ? helped[measure.effect] : undefined;
        return (
          <p key={index} className="similar-measure">
            <span>{measure.title}</span>
            <Tag tone={effect?.tone ?? "neutral"}>{effect?.word ?? measureStatus(measure.status)}</Tag>
          </p>
        );
      })}
    </li>
  );
}
