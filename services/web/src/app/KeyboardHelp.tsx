import { useState } from "react";
import { t } from "../i18n";
import { Check, Dialog, Keys, setSingleKeys, singleKeysOn } from "../ui";

type Row = [keys: string[], what: string];

const tables: { title: string; rows: Row[] }[] = [
  {
    title: t("keys.everywhere"),
    rows: [
      [["Alt+Shift+I"], "Inkorgen eller din första sida"],
      [["Alt+Shift+N"], "Ny rapport"],
      [["Alt+Shift+S"], "Dölj personuppgifter på skärmen"],
      [["?"], "Den här hjälpen"],
      [["Escape"], "Stäng"],
    ],
  },
  {
    title: t("keys.list"),
    rows: [
      [["ArrowDown", "j"], "Nästa rad"],
      [["ArrowUp", "k"], "Föregående rad"],
      [["Enter"], "Öppna"],
      [["Mellanslag"], "Visa bredvid"],
    ],
  },
  {
    title: t("keys.case"),
    rows: [
      [["Alt+1"], "Flikarna, 1 till 5"],
      [["Control+Enter"], "Nästa steg"],
    ],
  },
  {
    title: t("keys.register"),
    rows: [
      [["Control+Enter"], "Registrera och nästa"],
      [["Alt+K"], "Samlingsakt Klagomål"],
      [["Alt+A"], "Samlingsakt Avvikelser"],
      [["Alt+ArrowDown"], "Hoppa över"],
    ],
  },
  { title: t("keys.chart"), rows: [[["←", "→"], "Läs punkt för punkt"]] },
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
