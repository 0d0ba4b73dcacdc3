import { Icon } from "../../ui";

/** The server counts the days, because it knows the holidays and the pauses. */
export function DueText({ on, text, late }: { on: string; text: string | null; late: boolean }) {
  return (
    <span className="ly-due" data-tone={late ? "danger" : undefined}>
      {late && <Icon name="alert" />}
      <time dateTime={on}>{on}</time>
      {text && <span>· {text}</span>}
    </span>
  );
}
