import { useState } from "react";
import { t } from "../i18n";
import { Check, Dialog, Keys, setSingleKeys, singleKeysOn } from "../ui";

type Row = [keys: string[], what: string];

const tables: { title: string; rows: Row[] }[] = [
  {
    title: t("keys.everywhere"),
    rows: [
      [["Alt+Shift+I"], t("app.inkorgen_eller_din_forsta_sida")],
      [["Alt+Shift+N"], t("app.ny_rapport")],
      [["Alt+Shift+S"], t("app.dolj_personuppgifter_pa_skarmen")],
      [["?"], t("app.den_har_hjalpen")],
      [["Escape"], t("action.close")],
    ],
  },
  {
    title: t("keys.list"),
    rows: [
      [["ArrowDown", "j"], t("app.nasta_rad")],
      [["ArrowUp", "k"], t("app.foregaende_rad")],
      [["Enter"], t("app.oppna")],
      [[t("app.mellanslag")], t("app.visa_bredvid")],
    ],
  },
  {
    title: t("keys.case"),
    rows: [
      [["Alt+1"], t("app.flikarna_1_till_5")],
      [["Control+Enter"], t("app.nasta_steg")],
    ],
  },
  {
    title: t("keys.register"),
    rows: [
      [["Control+Enter"], t("app.registrera_och_nasta")],
      [["Alt+K"], t("app.samlingsakt_klagomal")],
      [["Alt+A"], t("app.samlingsakt_avvikelser")],
      [["Alt+ArrowDown"], t("app.hoppa_over")],
    ],
  },
  { title: t("keys.chart"), rows: [[["←", "→"], t("app.las_punkt_for_punkt")]] },
];

export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const [single, setSingle] = useState(singleKeysOn());
  return (
    <Dialog title={t("keys.title")} onClose={onClose} wide>
      <p className="ly-muted">{t("keys.lead")}</p>
      <div className="keys-grid">
        {tables.map((table) => (
          <section key={table.title}>
            <h3>{table.title}</h3>
            <dl>
              {table.rows.map(([keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.map((key) => (
                      <Keys key={key} keys={key} />
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Check
        label={t("keys.on")}
        checked={single}
        onChange={(event) => {
          setSingle(event.target.checked);
          setSingleKeys(event.target.checked);
        }}
      />
    </Dialog>
  );
}
