import { Icon } from "../../ui";

type Props = { on: string; text: string | null; late: boolean; stacked?: boolean };

/** The server counts the days, because it knows the holidays and the pauses. */
export function DueText({ on, text, late, stacked }: Props) {
  return (
    <span className="ly-due" data-tone={late ? "danger" : undefined} data-stacked={stacked ? "" : undefined}>
      {text && (
        <span>
          {late && <Icon name="alert" />} {text}
        </span>
      )}
      <time dateTime={on}>{on}</time>
    </span>
  );
}
