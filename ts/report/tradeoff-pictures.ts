/** Pictures of trade-offs: lines over a logarithmic axis (seconds, steps), with a level to hold against. */
import * as Plot from '@observablehq/plot';
import { drawn } from './figures.js';
import type { Markup } from './html.js';
import type { Series } from './series.js';

export interface TradePoint {
  readonly x: number;
  readonly y: number;
  /** Half the length of the bar about y; null for none. */
  readonly spread: number | null;
}

export interface TradeLine {
  readonly series: Series;
  readonly points: readonly TradePoint[];
}

export interface TradeAxes {
  readonly x: string;
  readonly xTicks?: readonly number[] | undefined;
  readonly y: string;
  /** `excess`: linear about 0, logarithmic beyond ± 0.002, as MMD² may be negative and spans decades. */
  readonly scale: 'linear' | 'log' | 'excess';
  /** A dotted level, and how far above it still counts as kept. */
  readonly level?: { readonly at: number; readonly margin: number } | undefined;
}

const KNEE = 0.002;
const EXCESS_TICKS = [-0.1, -0.03, -0.01, -0.003, -0.001, 0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

const plain = (value: number): string => (value >= 1000 ? Plot.formatNumber('en-US')(value) : String(value));

export function tradePicture(document: Document, lines: readonly TradeLine[], { x, xTicks, y, scale, level }: TradeAxes): Markup {
  const bars = lines.flatMap(({ series, points }) =>
    points.filter(({ spread }) => spread !== null && spread > 0).map((point) => ({ ...point, series })),
  );
  const ends = [
    ...lines.flatMap(({ points }) => points.flatMap((point) => [point.y - (point.spread ?? 0), point.y + (point.spread ?? 0)])),
    ...(level ? [level.at, level.at + level.margin] : []),
    ...(scale === 'excess' ? [0] : []),
  ];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const scales = {
    linear: {},
    log: { type: 'log' as const, ticks: 4, tickFormat: plain },
    excess: {
      type: 'symlog' as const,
      constant: KNEE,
      domain: [low, high],
      ticks: EXCESS_TICKS.filter((tick) => tick >= low && tick <= high),
      tickFormat: (value: number) => (value < 0 ? `−${-value}` : String(value)),
    },
  };
  return drawn(document, {
    height: 330,
    marginLeft: 54,
    marginBottom: 42,
    marginTop: 30,
    x: {
      type: 'log',
      label: x,
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: 38,
      ...(xTicks ? { axis: null } : { tickFormat: plain }),
    },
    y: { ...scales[scale], label: y, grid: true, labelArrow: 'none', labelAnchor: 'top' },
    marks: [
      // an axis of its own: on a logarithmic one the ticks that are asked for would not all be named
      ...(xTicks ? [Plot.axisX([...xTicks], { text: plain, label: x, labelAnchor: 'center', labelArrow: 'none', labelOffset: 38 })] : []),
      ...(level
        ? [
            Plot.rect([level], { y1: level.at, y2: level.at + level.margin, fill: 'var(--helps)', fillOpacity: 0.16 }),
            Plot.ruleY([level.at], { strokeDasharray: '1 3', strokeOpacity: 0.9 }),
          ]
        : []),
      ...(scale === 'excess' ? [Plot.ruleY([0], { strokeOpacity: 0.35 })] : []),
      ...bars.map((bar) =>
        Plot.ruleX([bar], {
          x: 'x',
          y1: bar.y - (bar.spread ?? 0),
          y2: bar.y + (bar.spread ?? 0),
          stroke: bar.series.colour,
          strokeOpacity: 0.6,
        }),
      ),
      ...lines.flatMap(({ series, points }) => [
        Plot.lineY(points, {
          x: 'x',
          y: 'y',
          stroke: series.colour,
          strokeWidth: 2,
          ...(series.dash === 'none' ? {} : { strokeDasharray: series.dash, strokeLinecap: 'butt' }),
        }),
        Plot.dot(points, { x: 'x', y: 'y', r: 3, symbol: series.symbol as Plot.SymbolType, fill: series.colour }),
      ]),
    ],
  });
}
