import type { Receipt } from "../../api/model";
import { dateLong, t } from "../../i18n";
import { Alert, Button, Icon, useHeading } from "../../ui";

/** What happens now. The number is the only thing worth writing down. */
export function Sent({ receipt, onAgain }: { receipt: Receipt; onAgain: () => void }) {
  const heading = useHeading(t("report.rapporten_ar_skickad"));
  return (
    <div className="ly-stack ly-stack-l">
      <div className="report-done">
        <Icon name="check" />
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {t("report.tack_rapporten_ar_skickad")}
          </h1>
          <p className="ly-lead">
            {receipt.lex_sarah
              ? t("report.den_gick_direkt_till_lex")
              : receipt.manager_name
                ? t("report.ansvarar_for", {
                    manager_name: receipt.manager_name,
                    word: receipt.unit_name ?? "enheten",
                  })
                : t("report.chefen_for_far_den", { word: receipt.unit_name ?? "enheten" })}
          </p>
        </div>
      </div>
      {receipt.serious && (
        <Alert tone="danger" title={t("report.ring_ocksa_din_chef_nu")}>
          {t("report.allvarliga_handelser_kan_behova_utredas_2")}
        </Alert>
      )}
      <section className="ly-card ly-stack ly-stack-s">
        <p>
          {t("report.rapportens_nummer")} <b className="ly-num">{receipt.reference}</b>
        </p>
        <h2>{t("report.det_har_hander_nu")}</h2>
        <ol className="ly-timeline">
          <li>
            <b>{t("report.registratorn_registrerar_rapporten")}</b>
            <time dateTime={receipt.register_by}>
              {t("report.senast")} {dateLong(receipt.register_by)}
            </time>
          </li>
          <li>
            <b>{t("report.chefen_bedomer_vad_som_behover")}</b>
          </li>
          <li>
            <b>{t("report.du_laser_vad_det_ledde")}</b>
            <time dateTime={receipt.answer_by}>
              {t("report.senast")} {dateLong(receipt.answer_by)}
            </time>
          </li>
        </ol>
      </section>
      <div className="ly-actions">
        <Button onClick={onAgain} icon="plus">
          {t("report.skriv_en_ny_rapport")}
        </Button>
        <a className="ds-button" data-variant="secondary" href="/app/mina-rapporter">
          {t("report.mina_rapporter")}
        </a>
      </div>
    </div>
  );
}
