// A run of months with its control limits. Signals differ by shape as well as by colour.
import { max } from "d3-array";
import { scaleLinear, scalePoint } from "d3-scale";
import { line } from "d3-shape";
import { type KeyboardEvent, useId, useState } from "react";
import { monthTick, number, t } from "../i18n";
import { describe, type Phase, type Point, pointWords, type Rule, type Series } from "./series";
import { useWidth } from "./useWidth";

type SpcProps = {
  series: Series;
  height?: number;
  /** Highest value of the axis, shared by charts that are compared. */
  top?: number;
  small?: boolean;
  onOpen?: (point: Point) => void;
};

type Frame = ReturnType<typeof frame>;

function frame(series: Series, width: number, height: number, small: boolean, top: number | undefined) {
  const limits = series.phases.flatMap((phase) => [phase.ucl ?? 0, phase.mean ?? 0]);
  const highest =
    top ?? max([...series.points.map((point) => (point.incomplete ? 0 : (point.y ?? 0))), ...limits, 4]) ?? 4;
  const labels = !small && width >= 520;
  const pad = { start: small ? 26 : 38, end: labels ? 118 : 12, top: 14, bottom: small ? 20 : 30 };
  const x = scalePoint<string>()
    .domain(series.points.map((point) => point.x))
    .range([pad.start, width - pad.end])
    .padding(0.2);
  const y = scaleLinear()
    .domain([0, highest * 1.06])
    .nice(4)
    .range([height - pad.bottom, pad.top]);
  return { x, y, pad, labels, width, height, small };
}

export function Spc({ series, height, top, small = false, onOpen }: SpcProps) {
  const [box, width] = useWidth(small ? 260 : 760);
  const tall = height ?? (small ? 120 : 300);
  const id = useId();
  const [active, setActive] = useState<number>();
  const at = frame(series, width, tall, small, top);
  const last = series.points.length - 1;

  const onKeyDown = (event: KeyboardEvent) => {
    const next: Record<string, number | undefined> = {
      ArrowRight: Math.min(last, (active ?? -1) + 1),
      ArrowLeft: Math.max(0, (active ?? last + 1) - 1),
      Home: 0,
      End: last,
    };
    const point = active === undefined ? undefined : series.points[active];
    if (event.key === "Enter" && point && onOpen) onOpen(point);
    const index = next[event.key];
    if (index === undefined) return;
    event.preventDefault();
    setActive(index);
  };
  const shown = active === undefined ? undefined : series.points[active];

  return (
    <div className="ly-chart" ref={box}>
      <svg
        role="img"
        tabIndex={0}
        aria-labelledby={`${id}-t`}
        aria-describedby={`${id}-d`}
        viewBox={`0 0 ${width} ${tall}`}
        height={tall}
        onKeyDown={onKeyDown}
        onBlur={() => setActive(undefined)}
        onPointerLeave={() => setActive(undefined)}
      >
        <title id={`${id}-t`}>{series.name}</title>
        <desc id={`${id}-d`}>{`${describe(series)} ${t("chart.keys")}`}</desc>
        <Grid at={at} points={series.points} />
        {series.phases.map((phase, index) => (
          <Limits key={phase.from} phase={phase} at={at} latest={index === series.phases.length - 1} />
        ))}
        <path
          className="c-line"
          d={path(
            series.points.filter((point) => !point.incomplete),
            at,
          )}
        />
        {series.points.map((point, index) => (
          <Dot key={point.x} point={point} at={at} active={index === active} />
        ))}
        {series.points.map((point, index) => (
          <rect
            key={point.x}
            className="c-hit"
            x={(at.x(point.x) ?? 0) - at.x.step() / 2}
            y={0}
            width={Math.max(at.x.step(), 1)}
            height={tall}
            data-link={onOpen ? "" : undefined}
            onPointerEnter={() => setActive(index)}
            onClick={onOpen && (() => onOpen(point))}
          />
        ))}
      </svg>
      <p className="c-read" aria-live="polite">
        {shown ? pointWords(shown) : ""}
      </p>
    </div>
  );
}

function path(points: Point[], at: Frame): string {
  return (
    line<Point>()
      .defined((point) => point.y !== null)
      .x((point) => at.x(point.x) ?? 0)
      .y((point) => at.y(point.y ?? 0))(points) ?? ""
  );
}

function Grid({ at, points }: { at: Frame; points: Point[] }) {
  const ticks = at.y.ticks(at.small ? 2 : 5).filter(Number.isInteger);
  const room = at.small ? 90 : 78;
  const every = Math.max(1, Math.ceil((points.length * room) / (at.width - at.pad.start - at.pad.end)));
  const shown = points.filter((_, index) => (points.length - 1 - index) % every === 0);
  return (
    <g className="c-axis">
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={at.pad.start} x2={at.width - at.pad.end} y1={at.y(tick)} y2={at.y(tick)} />
          <text x={at.pad.start - 8} y={at.y(tick)} dy="0.32em" textAnchor="end">
            {number(tick)}
          </text>
        </g>
      ))}
      {shown.map((point, index) => (
        <text
          key={point.x}
          x={index === shown.length - 1 && !at.labels ? at.width : at.x(point.x)}
          y={at.height - 8}
          textAnchor={index === shown.length - 1 && !at.labels ? "end" : "middle"}
        >
          {monthTick(point.x)}
        </text>
      ))}
    </g>
  );
}

function Limits({ phase, at, latest }: { phase: Phase; at: Frame; latest: boolean }) {
  const half = at.x.step() / 2;
  const from = (at.x(phase.from) ?? at.pad.start) - half;
  const to = (at.x(phase.to) ?? at.width - at.pad.end) + half;
  const rows = [
    { value: phase.ucl, name: t("chart.ucl"), cls: "c-limit" },
    { value: phase.mean, name: t("chart.mean"), cls: "c-mean" },
    { value: phase.lcl, name: t("chart.lcl"), cls: "c-limit" },
  ];
  const drawn = rows.flatMap(({ value, ...row }) =>
    value === null || value === undefined || (value <= 0 && row.cls === "c-limit") ? [] : [{ ...row, value }],
  );
  const lines = apart(
    drawn.map((row) => at.y(row.value)),
    at.pad.top,
    at.height - at.pad.bottom,
  );
  return (
    <g>
      {drawn.map(({ value, name, cls }, index) => (
        <g key={name}>
          <line className={cls} x1={from} x2={to} y1={at.y(value)} y2={at.y(value)} />
          {latest && at.labels && (
            <text className="c-label" x={to + 8} y={lines[index]} dy="0.32em">
              {name} {number(value)}
            </text>
          )}
        </g>
      ))}
      {phase.reason && (
        <g className="c-phase">
          <line x1={from} x2={from} y1={at.pad.top} y2={at.height - at.pad.bottom} />
          <text x={from + 6} y={at.pad.top + 6}>
            {phase.reason}
          </text>
        </g>
      )}
    </g>
  );
}

const lineOfText = 17;

/** Where texts that belong to heights may stand: each at its height, from the top down, but none upon another. */
export function apart(heights: readonly number[], top: number, bottom: number): number[] {
  const down: number[] = [];
  for (const height of heights) down.push(Math.max(height, top, (down.at(-1) ?? -lineOfText) + lineOfText));
  // What was pushed below the drawing pushes back.
  for (let index = down.length - 1, most = bottom; index >= 0; index--) {
    down[index] = Math.min(down[index] ?? most, most);
    most = (down[index] ?? most) - lineOfText;
  }
  return down;
}

function Dot({ point, at, active }: { point: Point; at: Frame; active: boolean }) {
  if (point.y === null) return null;
  const x = at.x(point.x) ?? 0;
  // A month that is not over does not set the scale; if it is above it, it stands at the top.
  const y = Math.max(at.y(point.y), at.pad.top);
  const size = at.small ? 0.7 : 1;
  return (
    <g transform={`translate(${x} ${y}) scale(${size})`}>
      {active && <circle className="c-active" r={11} />}
      {shape(point)}
    </g>
  );
}

function shape(point: Point) {
  if (point.incomplete) return <circle className="c-open" r={4} />;
  if (point.rule === "outside") return <path className="c-outside" d="M0-7.5 7.5 0 0 7.5-7.5 0Z" />;
  if (point.rule === "run") return <circle className="c-run" r={5} />;
  if (point.rule === "outer_third") return <rect className="c-zone" x={-4.5} y={-4.5} width={9} height={9} />;
  return <circle className="c-dot" r={3.5} />;
}

/** Only the marks that occur. */
export function SpcLegend({ series }: { series: Series }) {
  const has = (rule: string) => series.points.some((point) => point.y !== null && point.rule === rule);
  const rows = [
    { rule: "outside", text: t("chart.legend_outside") },
    { rule: "run", text: t("chart.legend_run") },
    { rule: "outer_third", text: t("chart.legend_zone") },
  ].filter((row) => has(row.rule));
  const limits = series.phases.some((phase) => phase.ucl);
  return (
    <ul className="c-legend">
      {rows.map((row) => (
        <li key={row.rule}>
          <svg viewBox="-9 -9 18 18" aria-hidden="true">
            {shape({ x: "", y: 0, rule: row.rule as Rule })}
          </svg>
          {row.text}
        </li>
      ))}
      {series.points.some((point) => point.incomplete && point.y !== null) && (
        <li>
          <svg viewBox="-9 -9 18 18" aria-hidden="true">
            <circle className="c-open" r={4} />
          </svg>
          {t("chart.legend_incomplete")}
        </li>
      )}
      {limits && (
        <li>
          <svg viewBox="0 0 24 18" aria-hidden="true">
            <line className="c-limit" x1="0" x2="24" y1="9" y2="9" />
          </svg>
          {t("chart.limits")}
        </li>
      )}
    </ul>
  );
}
