import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { get } from "../../api/client";
import type { City as CityData, SpcData } from "../../api/model";
import { useCodes } from "../../api/reference";
import { Bars, Figure, Heat, type Rule, type Series, Spc, SpcLegend } from "../../charts";
import { dateTime, monthName, t } from "../../i18n";
import { Button, Empty, Failed, Page, SelectField, Skeleton } from "../../ui";
import "../../charts/charts.css";
import "./city.css";

/** All categories that are too small to be shown one by one. */
const restCode = "REST";

const periods = [
  { value: "12", label: t("city.12_manader") },
  { value: "24", label: t("city.24_manader") },
  { value: "36", label: t("city.36_manader") },
];

/** The city's pattern. Only protected tables reach this page; a case cannot be opened from here. */
export function City() {
  const [params, setParams] = useSearchParams();
  const choice = {
    months: params.get("period") ?? "24",
    case_type: params.get("vad") ?? "",
    category: params.get("kategori") ?? "",
  };
  const city = useQuery({
    queryKey: ["read-city", choice],
    queryFn: () => get<CityData>("/insight/city", { query: choice }),
    placeholderData: keepPreviousData,
  });
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(params);
    if (value) next.set(name, value);
    else next.delete(name);
    // Kind and category together would make the numbers too small to show.
    if (value && name === "vad") next.delete("kategori");
    if (value && name === "kategori") next.delete("vad");
    setParams(next, { replace: true });
  };
  return (
    <Page
      title={city.data ? t("city.staden_2", { city: city.data.city }) : t("city.staden")}
      lead={
        city.data?.updated_at
          ? t("city.siffrorna_uppdaterades", { word: dateTime(city.data.updated_at) })
          : undefined
      }
      aside={<Choices choice={choice} set={set} />}
    >
      {city.isPending && <Skeleton rows={8} />}
      {city.error && <Failed what={t("city.siffrorna")} retry={() => void city.refetch()} />}
      {city.data && <Figures data={city.data} choice={choice} />}
    </Page>
  );
}

type Choice = { months: string; case_type: string; category: string };

function Choices({ choice, set }: { choice: Choice; set: (name: string, value: string) => void }) {
  const codes = useCodes();
  const mains = [...codes.list("category"), ...codes.list("category_hsl")].filter((code) => !code.parent);
  return (
    <div className="city-choices ly-noprint">
      <SelectField
        label={t("city.vad")}
        blank={t("city.allt")}
        options={codes.options("case_type")}
        value={choice.case_type}
        onChange={(event) => set("vad", event.target.value)}
      />
      <SelectField
        label={t("city.kategori")}
        blank={t("city.alla")}
        options={mains.map((code) => ({ value: code.code, label: code.label }))}
        value={choice.category}
        onChange={(event) => set("kategori", event.target.value)}
      />
      <SelectField
        label={t("city.period")}
        options={periods}
        value={choice.months}
        onChange={(event) => set("period", event.target.value)}
      />
      <Button variant="secondary" icon="print" onClick={() => window.print()}>
        {t("city.skriv_ut")}
      </Button>
    </div>
  );
}

const rules: Record<string, Rule> = { outside: "outside", run: "run", outer_third: "outer_third" };

/** The server's statistics as a series to draw; without them the months alone. */
function seriesOf(name: string, months: string[], values: (number | null)[], spc: SpcData | null): Series {
  const points = spc?.points?.length
    ? spc.points.map((point) => ({ ...point, rule: rules[point.rule ?? ""] ?? null }))
    : months.map((x, index) => ({ x, y: values[index] ?? null }));
  return {
    name,
    points,
    phases: spc?.phases ?? [],
    summary: spc?.summary ?? "",
    description: spc?.description ?? "",
  };
}

function Figures({ data, choice }: { data: CityData; choice: Choice }) {
  const codes = useCodes();
  // The title says what is counted, also on paper, where the choices are not.
  const what = choice.category ? codes.category(choice.category) : codes.label("case_type", choice.case_type);
  const title = what ? t("city.mottagna_per_manad_vad", { what }) : t("city.mottagna_per_manad");
  const all = seriesOf(title, data.months, data.totals.series, data.spc);
  if (all.points.length === 0) {
    return (
      <section className="ly-card">
        <Empty icon="chart" title={t("chart.empty")} />
      </section>
    );
  }
  return (
    <div className="ly-stack">
      {(data.sentences ?? []).length > 0 && (
        <section className="ly-next city-says" aria-labelledby="says">
          <p className="ly-next-label" id="says">
            {t("city.det_har_sticker_ut")}
          </p>
          <ul>
            {data.sentences?.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </section>
      )}
      <Figure
        title={title}
        summary={all.summary}
        note={all.phases.some((phase) => phase.ucl) ? undefined : t("chart.no_limits")}
        twin={{
          head: [t("chart.month"), t("chart.count"), t("chart.signal")],
          rows: all.points.map((point) => [monthName(point.x), point.y, signalWords(point)]),
        }}
      >
        <Spc series={all} />
        <SpcLegend series={all} />
      </Figure>
      <Districts data={data} />
      <Categories data={data} />
      <HeatFigure data={data} />
      {data.protected_note && <p className="ly-muted ly-small">{data.protected_note}</p>}
    </div>
  );
}

const signalNames: Record<Rule, string> = {
  outside: t("chart.legend_outside"),
  run: t("chart.legend_run"),
  outer_third: t("chart.legend_zone"),
};
const signalWords = (point: Series["points"][number]) =>
  point.incomplete ? t("chart.legend_incomplete") : point.rule ? signalNames[point.rule] : "";

function Districts({ data }: { data: CityData }) {
  const series = (data.districts ?? []).map((one) => ({
    slug: one.slug,
    series: seriesOf(one.name, data.months, one.series, one.spc),
  }));
  if (series.length === 0) return null;
  const known = (one: Series) => one.points.some((point) => point.y !== null && !point.incomplete);
  const drawn = series.filter((one) => known(one.series));
  const hidden = series.filter((one) => !known(one.series)).map((one) => one.series.name);
  const top = Math.max(
    4,
    ...series.flatMap((one) => [
      ...one.series.points.map((point) => (point.incomplete ? 0 : (point.y ?? 0))),
      ...one.series.phases.map((phase) => phase.ucl ?? 0),
    ]),
  );
  return (
    <Figure
      title={t("city.per_stadsdel")}
      note={hidden.length > 0 ? t("chart.none_shown", { names: hidden.join(", ") }) : undefined}
      summary={t("city.samma_skala_i_alla_diagram")}
      twin={{
        head: [t("city.manad"), ...series.map((one) => one.series.name)],
        rows: data.months.map((month, index) => [
          monthName(month),
          ...series.map((one) => one.series.points[index]?.y ?? null),
        ]),
      }}
    >
      <div className="ly-multiples">
        {drawn.map((one) => (
          <div key={one.slug}>
            <h3>{one.series.name}</h3>
            <Spc series={one.series} small top={top} />
            <p className="ly-muted ly-small">{one.series.summary}</p>
          </div>
        ))}
      </div>
    </Figure>
  );
}

function Categories({ data }: { data: CityData }) {
  const bars = (data.categories ?? []).map((one) => ({ name: one.label, value: one.n }));
  if (bars.length === 0) return null;
  // The server lists the commonest first; what is left over stands last, however much it is.
  const rest = (data.categories ?? []).findIndex((one) => one.code === restCode);
  const sorted =
    rest < 0 ? bars : [...bars.slice(0, rest), ...bars.slice(rest + 1), ...bars.slice(rest, rest + 1)];
  return (
    <Figure
      title={t("city.vanligaste_kategorierna")}
      twin={{ head: [t("city.kategori"), t("city.antal")], rows: sorted.map((bar) => [bar.name, bar.value]) }}
    >
      <Bars label={t("city.vanligaste_kategorierna")} bars={sorted} />
    </Figure>
  );
}

function HeatFigure({ data }: { data: CityData }) {
  const { heat } = data;
  if (!heat || heat.rows.length === 0) return null;
  return (
    <Figure
      title={t("city.stadsdel_och_kategori")}
      summary={t("city.morkare_farg_betyder_fler_arenden", {
        word: monthName(heat.from),
        word2: monthName(heat.to),
      })}
    >
      <Heat
        caption={t("city.antal_arenden_per_stadsdel_och")}
        corner={t("city.stadsdel")}
        columns={[...heat.cols.map((col) => col.label), t("city.alla")]}
        rows={heat.rows.map((row, index) => ({
          name: row.name,
          values: heat.cells[index] ?? [],
          total: heat.row_totals[index] ?? null,
        }))}
        total={{ name: t("city.alla"), values: [...heat.col_totals, heat.total] }}
      />
    </Figure>
  );
}
