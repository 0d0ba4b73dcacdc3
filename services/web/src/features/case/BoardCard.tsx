import type { Case } from "../../api/model";
import { dateLong, t } from "../../i18n";
import { Facts } from "../../ui";
import { authorities, referralKinds, ways } from "./board";
import type { Choice } from "./moves";

const label = (list: readonly Choice[], value: string | null | undefined) =>
  list.find((one) => one.value === value)?.label ?? value ?? "";

/** What the authority asked for. */
export function ReferralCard({ item }: { item: Case }) {
  const { referral } = item;
  if (!referral) return null;
  return (
    <section className="ly-card ly-stack">
      <h2>{t("case.remissen")}</h2>
      <Facts
        rows={[
          {
            word: t("case.myndighet"),
            value: referral.authority_name || label(authorities, referral.authority),
          },
          { word: t("case.vill_ha"), value: label(referralKinds, referral.kind) },
          referral.authority_dnr && { word: t("case.deras_diarienummer"), value: referral.authority_dnr },
          { word: t("case.svar_senast"), value: dateLong(referral.due_on) },
        ]}
      />
    </section>
  );
}

/** Each time the case has been in the board. */
export function BoardCard({ item }: { item: Case }) {
  if (!item.board?.length) return null;
  return (
    <section className="ly-card ly-stack">
      <h2>{t("case.namnden")}</h2>
      {item.board.map((turn) => (
        <div key={turn.id} className="ly-stack ly-stack-s">
          <Facts
            rows={[
              { word: t("case.sammantrade"), value: dateLong(turn.meeting_on) },
              turn.outcome && {
                word: t("case.utfall"),
                value:
                  turn.outcome === "BESLUT"
                    ? t("case.beslut_2", { paragraph: turn.paragraph ?? "" })
                    : t("case.aterremiss", { paragraph: turn.paragraph ?? "" }),
              },
              turn.dispatched_on && {
                word: t("case.expedierat"),
                value: `${dateLong(turn.dispatched_on)}, ${label(ways, turn.dispatched_way)}`,
              },
            ]}
          />
          <blockquote className="ly-quote" dir="auto">
            {turn.decision || turn.proposal}
          </blockquote>
        </div>
      ))}
    </section>
  );
}
