import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { get } from "../../api/client";
import type { LogState } from "../../api/model";
import { dateTime, t } from "../../i18n";
import { Alert, Facts, Failed, Page, Skeleton, Tabs } from "../../ui";
import { Chain } from "./Chain";
import { Extract } from "./Extract";
import { Samples } from "./Samples";

/** The granskare's page: has anybody read what she had no reason to read? Drawn again and again, by rule. */
export function Log() {
  const [params] = useSearchParams();
  const view = params.get("vy") ?? "stickprov";
  const state = useQuery({ queryKey: ["log-state"], queryFn: () => get<LogState>("/log") });
  const tab = (name: string, label: string, count?: number) => ({
    to: `?vy=${name}`,
    label,
    count,
    current: view === name ? ("page" as const) : undefined,
  });
  return (
    <Page title={t("audit.granska_laslogg")} lead={t("audit.lead")}>
      <div className="ly-stack">
        {state.data?.late && (
          <Alert tone="danger" title={t("audit.kedjan_star")}>
            {t("audit.kedjan_star_text")}
          </Alert>
        )}
        <Tabs
          label={t("audit.delar")}
          items={[
            tab("stickprov", t("audit.stickprov"), state.data?.undecided),
            tab("utdrag", t("audit.utdrag")),
            tab("kedjan", t("audit.kedjan")),
          ]}
        />
        {view === "stickprov" && <Samples />}
        {view === "utdrag" && <Extract />}
        {view === "kedjan" && (
          <section className="ly-card ly-stack">
            <h2>{t("audit.kedjan")}</h2>
            {state.isPending && <Skeleton />}
            {state.error && <Failed what={t("audit.kedjan")} retry={() => void state.refetch()} />}
            {state.data && (
              <>
                <Facts
                  rows={[
                    {
                      word: t("audit.forseglad"),
                      value: state.data.sealed_at ? dateTime(state.data.sealed_at) : t("audit.inte_an"),
                    },
                    { word: t("audit.block"), value: String(state.data.block) },
                    { word: t("audit.vantar"), value: String(state.data.waiting) },
                    {
                      word: t("audit.huvud"),
                      value: (
                        <span className="ly-num ly-break">{`${state.data.block}:${state.data.head}`}</span>
                      ),
                    },
                  ]}
                />
                <p>{t("audit.kedjan_text")}</p>
                <Chain />
              </>
            )}
          </section>
        )}
      </div>
    </Page>
  );
}
