/** The figures of the report's section on computational trade-offs: convergence, ways of sampling. */
import type { Summary } from '../study/summary.js';
import { LONG_SPLITS, REFERENCE, type SamplingWay, wayKey } from '../study/tradeoff-lines.js';
import type { ConvergenceSummary, SamplingSummary, TableTradeoffs, Tradeoffs } from '../study/tradeoff-summary.js';
import { samplerTitle, withError } from '../study/tradeoff-words.js';
import { enumerated, fixed, grouped, methodTitle, plusMinus, signed } from '../study/words.js';
import type { Figure, Panel } from './figures.js';
import { picturedMethods, type Series, seriesAt } from './series.js';
import { bareGroup, numberColumn, type TextTable, textColumn, titleOf } from './tables.js';
import { type TradeLine, tradePicture } from './tradeoff-pictures.js';

/** The methods' own looks; one that other pictures leave out takes a look that is free. */
function seriesFor(summary: Summary, methods: readonly string[]): Map<string, Series> {
  const pictured = picturedMethods(summary);
  const places = new Map(methods.filter((name) => pictured.includes(name)).map((name) => [name, pictured.indexOf(name)]));
  for (const name of methods) {
    if (places.has(name)) continue;
    let at = 0;
    while ([...places.values()].includes(at)) at++;
    places.set(name, at);
  }
  return new Map([...places].map(([name, at]) => [name, seriesAt(at, name, methodTitle(name))]));
}

export function convergenceFigures(summary: Summary, { tables }: Tradeoffs, document: Document, firstNumber: number): Figure[] {
  return tables
    .filter(({ convergence }) => convergence.length > 0)
    .map((table, i) => convergenceFigure(summary, table, document, firstNumber + i));
}

function convergenceFigure(summary: Summary, { dataset, convergence }: TableTradeoffs, document: Document, number: number): Figure {
  const looks = seriesFor(
    summary,
    convergence.map(({ method }) => method),
  );
  const look = (method: string) => looks.get(method) as Series;
  const excess = convergence.map(
    ({ method, points }): TradeLine => ({
      series: look(method),
      points: points.flatMap(({ seconds, excess: of }) =>
        seconds && of ? [{ x: Math.max(seconds.mean, 1e-3), y: of.mean, spread: of.sd }] : [],
      ),
    }),
  );
  const loss = convergence.map((entry) => ({ series: look(entry.method), points: lossPoints(entry) }));
  const course = ({ series, points }: TradeLine) =>
    `${series.title} from ${signed(points[0]?.y, 4)} after ${fixed(points[0]?.x, 1)} s to ${signed(points.at(-1)?.y, 4)} after ${fixed(points.at(-1)?.x, 1)} s`;
  const seconds = 'Seconds of training';
  const panels: Panel[] = [
    {
      title: 'Likeness',
      description: `Excess MMD² of 1,000 rows over seconds of training: ${enumerated(excess.filter(({ points }) => points.length > 0).map(course))}.`,
      picture: tradePicture(document, excess, { x: seconds, y: 'Excess MMD²', scale: 'excess' }),
    },
    {
      title: 'Loss',
      description: `Training loss over seconds of training, as a share of each method’s own range: ${enumerated(loss.map(({ series }) => series.title))}; the figures are in the table.`,
      picture: tradePicture(document, loss, { x: seconds, y: 'Loss, share of the method’s own range', scale: 'linear' }),
    },
  ];
  const columns = ['Step', 'Seconds', 'Loss', 'Excess MMD²', 'Nearest record'].map(numberColumn);
  const rows = convergence.flatMap(({ method, points }) =>
    points.map(({ step, seconds: at, loss: of, excess: above, nearest_ratio }) => [
      methodTitle(method),
      grouped(step?.mean),
      plusMinus(at, 2),
      plusMinus(of),
      plusMinus(above, 4),
      plusMinus(nearest_ratio, 2),
    ]),
  );
  const title = 'Training, looked at on the way (mean ± standard deviation over splits)';
  return {
    id: `figure-${number}`,
    title: `Fig. ${number}. Convergence, ${titleOf(summary, dataset)}.`,
    caption:
      'Left: excess MMD² of rows drawn from the model in training (0: as near to unseen patients as other patients are), mean over splits with bars of ± one standard deviation. Right: the loss between each method’s highest (1) and lowest (0), since losses of different methods have no common scale. The time axis is logarithmic.' +
      (convergence.some(({ method }) => method === 'forestflow')
        ? ' ForestFlow grows all its trees side by side: its points are the finished model with a part of them.'
        : ''),
    panels,
    series: [...looks.values()],
    data: [{ title, columns: [textColumn('Method'), ...columns], groups: [bareGroup(rows)], notes: [] }],
  };
}

/** The loss as a share of its range. */
function lossPoints({ points }: ConvergenceSummary): TradeLine['points'] {
  const known = points.flatMap(({ seconds, loss }) => (seconds && loss ? [{ x: Math.max(seconds.mean, 1e-3), y: loss.mean }] : []));
  const losses = known.map(({ y }) => y);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  return known.map(({ x, y }) => ({ x, y: high > low ? (y - low) / (high - low) : 0, spread: null }));
}

const STEP_TICKS = [5, 10, 20, 50, 100, 1000];
const SAMPLERS: readonly SamplingWay['sampler'][] = ['ddpm', 'ddim', 'dpm++'];
const samplerSeries = (sampler: SamplingWay['sampler']): Series => seriesAt(1 + SAMPLERS.indexOf(sampler), sampler, samplerTitle(sampler));

export function samplingFigures(summary: Summary, { tables }: Tradeoffs, document: Document, firstNumber: number): Figure[] {
  return tables
    .filter(({ sampling }) => sampling.some((way) => wayKey(way) === wayKey(REFERENCE) && way.excess))
    .map((table, i) => samplingFigure(summary, table, document, firstNumber + i));
}

function samplingFigure(summary: Summary, { dataset, sampling }: TableTradeoffs, document: Document, number: number): Figure {
  const reference = sampling.find((way) => wayKey(way) === wayKey(REFERENCE))?.excess?.mean ?? Number.NaN;
  const few = summary.tradeoffs?.few_steps ?? [];
  const margin = few[0]?.margin ?? 0;
  const samplers = SAMPLERS.filter((sampler) => sampling.some((way) => way.sampler === sampler));
  const linesOf = (point: (way: SamplingSummary) => TradeLine['points']): TradeLine[] =>
    samplers.map((sampler) => ({
      series: samplerSeries(sampler),
      points: sampling.filter((way) => way.sampler === sampler).flatMap(point),
    }));
  // the differences are on the same splits, so they are added to the level: what splits have in common is no uncertainty of them
  const excess = linesOf(({ steps, difference }) =>
    difference ? [{ x: steps, y: reference + difference.mean, spread: difference.se }] : [],
  );
  const time = linesOf(({ steps, ms_per_1000 }) => (ms_per_1000 ? [{ x: steps, y: ms_per_1000.mean, spread: null }] : []));
  const told = few.flatMap(({ sampler, steps, tables }) =>
    tables
      .filter((table) => table.dataset === dataset)
      .map((table) => `${samplerTitle(sampler)} with ${steps} steps ${withError(table)}, ${table.holds ? 'within' : 'beyond'} the margin`),
  );
  const took = time.map(({ series, points }) => `${series.title} ${fixed(points[0]?.y, 0)} to ${fixed(points.at(-1)?.y, 0)} ms`);
  const x = 'Steps of sampling';
  const panels: Panel[] = [
    {
      title: 'Likeness',
      description: `Excess MMD² over steps of sampling; ${grouped(REFERENCE.steps)} steps of DDPM reach ${signed(reference, 4)}. Against them: ${told.length > 0 ? enumerated(told) : 'no figures at few steps'}.`,
      picture: tradePicture(document, excess, {
        x,
        xTicks: STEP_TICKS,
        y: 'Excess MMD²',
        scale: 'excess',
        level: { at: reference, margin },
      }),
    },
    {
      title: 'Time',
      description: `Milliseconds for 1,000 rows, from the fewest steps to the most: ${enumerated(took)}.`,
      picture: tradePicture(document, time, { x, xTicks: STEP_TICKS, y: 'Milliseconds for 1,000 rows', scale: 'log' }),
    },
  ];
  return {
    id: `figure-${number}`,
    title: `Fig. ${number}. Ways of sampling one diffusion model, ${titleOf(summary, dataset)}.`,
    caption: `Left: excess MMD² by the number of steps. Dotted: ${grouped(REFERENCE.steps)} steps of DDPM, the reference; the green band above it, up to ${signed(margin)}, counts as its fidelity kept. Points: the mean difference from the reference on the same splits, added to its level; bars: ± one standard error of that difference. Right: the time of 1,000 rows. Steps are on a logarithmic axis; ${grouped(REFERENCE.steps)} of the other samplers were taken on the first ${LONG_SPLITS} splits only.`,
    panels,
    series: samplers.map(samplerSeries),
    data: [samplingData(sampling)],
  };
}

function samplingData(sampling: readonly SamplingSummary[]): TextTable {
  return {
    title: 'Ways of sampling (mean ± standard deviation over splits; the difference ± its standard error)',
    columns: [
      textColumn('Sampler'),
      numberColumn('Steps'),
      numberColumn('Excess MMD²'),
      numberColumn('MMD² less that of the reference'),
      numberColumn('Nearest record'),
      numberColumn('ms for 1,000 rows'),
      numberColumn('Splits'),
    ],
    groups: [
      bareGroup(
        sampling.map(({ sampler, steps, excess, difference, nearest_ratio, ms_per_1000 }) => [
          samplerTitle(sampler),
          grouped(steps),
          plusMinus(excess, 4),
          difference ? withError(difference) : '–',
          plusMinus(nearest_ratio, 2),
          plusMinus(ms_per_1000, 0),
          String(difference?.n ?? 0),
        ]),
      ),
    ],
    notes: [],
  };
}
