import type { SaveState } from "../api/autosave";
import { t, time } from "../i18n";
import { Icon } from "./Icon";

/** "Sparat 14:05", or in words that it is not. */
export function Saved({ state }: { state: SaveState }) {
  const text = {
    idle: "",
    saving: t("form.saving"),
    saved: state.at ? t("form.saved_at", { time: time(state.at) }) : "",
    failed: t("form.unsaved"),
  }[state.state];
  return (
    <span className="ly-saved" data-state={state.state} role={state.state === "failed" ? "alert" : undefined}>
      {state.state === "saved" && <Icon name="check" />}
      {state.state === "failed" && <Icon name="alert" />}
      {text}
    </span>
  );
}
