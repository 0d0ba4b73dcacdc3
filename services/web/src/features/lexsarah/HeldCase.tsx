import { Link } from "react-router";
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { Held, List } from "../../api/model";
import { ApiError } from "../../api/problems";
import { dateLong, t } from "../../i18n";
import { Alert, Empty, Failed, Page, Skeleton, Tag } from "../../ui";
import { useHeld } from "./useLex";

const numbers = (held: Held) => [held.entry_no, held.own_dnr].filter(Boolean).join(" · ") || held.reference;

/** A case that is not to be found may be one that lex Sarah has: then its number is all there is to see of it. */
export function HeldCase({ id }: { id: string }) {
  const held = useHeld(id);
  if (held.isPending) {
    return (
      <Page title={t("lexsarah.arende_2")}>
        <Skeleton rows={4} />
      </Page>
    );
  }
  if (!held.data) {
    const missing = held.error instanceof ApiError;
    return (
      <Page title={missing ? t("error.not_found_title") : t("lexsarah.arende_2")} narrow>
        {missing ? (
          <p>{t("error.not_found")}</p>
        ) : (
          <Failed what={t("lexsarah.arendet")} retry={() => void held.refetch()} />
        )}
      </Page>
    );
  }
  return (
    <Page
      title={t("lexsarah.arende", { word: numbers(held.data) })}
      lead={held.data.unit_name}
      aside={<Tag tone="danger">{t("lexsarah.hos_lex_sarah_ansvarig")}</Tag>}
      narrow
    >
      <Alert tone="info" title={t("lexsarah.arendet_finns_hos_lex_sarah")}>
        <p>
          {t("lexsarah.det_lamnades_over")} {dateLong(held.data.held_at)}
          {t("lexsarah.du_ser_att_arendet_tas")}
        </p>
        {!held.data.taken && <p>{t("lexsarah.ingen_ar_lex_sarah_ansvarig")}</p>}
      </Alert>
    </Page>
  );
}

/** The cases one had that are with lex Sarah now. */
export function HeldList() {
  const list = useQuery({ queryKey: ["list-held"], queryFn: () => get<List<Held>>("/lex/held") });
  const rows = list.data?.items ?? [];
  return (
    <Page title={t("lexsarah.hos_lex_sarah")} lead={t("lexsarah.arenden_som_har_lamnats_till")}>
      {list.isPending && <Skeleton />}
      {list.error && <Failed what={t("lexsarah.listan")} retry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <section className="ly-card">
          <Empty icon="calm" title={t("lexsarah.inga_arenden")} />
        </section>
      )}
      {rows.length > 0 && (
        <section className="ly-card">
          <ul className="lex-held">
            {rows.map((row) => (
              <li key={row.id}>
                <Link className="ly-num" to={`/arenden/${row.id}`}>
                  {numbers(row)}
                </Link>
                <span className="ly-muted">
                  {[row.unit_name, t("lexsarah.overlamnat", { word: dateLong(row.held_at) })]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}
