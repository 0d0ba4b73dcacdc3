// Horizontal bars in order of size, with the running share as text: a Pareto chart without a second axis.
import { number, t } from "../i18n";
import { Protected } from "./Figure";

export type Bar = { name: string; value: number | null };

/** The share of all that the bars down to this one make up; unknown once a protected bar is passed. */
function running(bars: readonly Bar[]): (number | null)[] {
  const total = bars.reduce((sum, bar) => sum + (bar.value ?? 0), 0);
  if (total === 0 || bars.some((bar) => bar.value === null)) return bars.map(() => null);
  let sum = 0;
  return bars.map((bar) => {
    sum += bar.value ?? 0;
    return sum / total;
  });
}

/** A real list with real numbers; the bars are decoration that repeats them. */
export function Bars({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const highest = Math.max(1, ...bars.map((bar) => bar.value ?? 0));
  const shares = running(bars);
  const showShare = shares.some((share) => share !== null);
  return (
    <>
      <ol className="c-bars" aria-label={label}>
        {bars.map((bar, index) => {
          const share = shares[index] ?? null;
          const before = index === 0 ? 0 : (shares[index - 1] ?? 0);
          return (
            <li key={bar.name}>
              <span className="c-bar-name">{bar.name}</span>
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                {bar.value === null ? (
                  <rect className="c-bar-hidden" width={100} height={10} />
                ) : (
                  <rect
                    className={share === null || before < 0.8 ? "c-bar" : "c-bar-soft"}
                    width={(bar.value / highest) * 100}
                    height={10}
                  />
                )}
              </svg>
              <span className="c-bar-value">
                {bar.value === null ? <Protected /> : number(bar.value)}
                {share !== null && <span className="ly-muted"> ({number(Math.round(share * 100))} %)</span>}
              </span>
            </li>
          );
        })}
      </ol>
      {showShare && <p className="ly-muted ly-small">{t("chart.share_note")}</p>}
    </>
  );
}
