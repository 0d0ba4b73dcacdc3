import type { Receipt } from "../../api/model";
import { dateLong } from "../../i18n";
import { Alert, Button, Icon, useHeading } from "../../ui";

/** What happens now. The number is the only thing worth writing down. */
export function Sent({ receipt, onAgain }: { receipt: Receipt; onAgain: () => void }) {
  const heading = useHeading("Rapporten är skickad");
  return (
    <div className="ly-stack ly-stack-l">
      <div className="report-done">
        <Icon name="check" />
        <div>
          <h1 ref={heading} tabIndex={-1}>
            Tack, rapporten är skickad
          </h1>
          <p className="ly-lead">
            {receipt.manager_name
              ? `${receipt.manager_name} ansvarar för ${receipt.unit_name ?? "enheten"}.`
              : `Chefen för ${receipt.unit_name ?? "enheten"} får den.`}
          </p>
        </div>
      </div>
      {receipt.serious && (
        <Alert tone="danger" title="Ring också din chef nu.">
          Allvarliga händelser kan behöva utredas enligt lex Sarah.
        </Alert>
      )}
      <section className="ly-card ly-stack ly-stack-s">
        <p>
          Rapportens nummer: <b className="ly-num">{receipt.reference}</b>
        </p>
        <h2>Det här händer nu</h2>
        <ol className="ly-timeline">
          <li>
            <b>Registratorn registrerar rapporten</b>
            <time dateTime={receipt.register_by}>senast {dateLong(receipt.register_by)}</time>
          </li>
          <li>
            <b>Chefen bedömer vad som behöver göras</b>
          </li>
          <li>
            <b>Du läser vad det ledde till i Mina rapporter</b>
            <time dateTime={receipt.answer_by}>senast {dateLong(receipt.answer_by)}</time>
          </li>
        </ol>
      </section>
      <div className="ly-actions">
        <Button onClick={onAgain} icon="plus">
          Skriv en ny rapport
        </Button>
        <a className="ds-button" data-variant="secondary" href="/app/mina-rapporter">
          Mina rapporter
        </a>
      </div>
    </div>
  );
}
