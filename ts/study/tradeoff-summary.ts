/** What the lines of `tradeoffs.jsonl` come to: means over splits, differences on the same splits, and what follows, in words. */
import type { DiffusionSampler } from '../backend/ops-diffusion.js';
import { statisticOf } from './statistics.js';
import type { Statistic } from './summary.js';
import {
  type ConvergenceLine,
  type CostLine,
  type FailedTradeoff,
  FEW_STEPS,
  type Likeness,
  MARGIN,
  REFERENCE,
  type SamplingLine,
  type SamplingWay,
  type TradeoffLine,
  wayKey,
} from './tradeoff-lines.js';
import { convergenceSentences, deploymentsOf, fewStepsSentences } from './tradeoff-words.js';
import { listedOrder, methodOrder } from './words.js';

/** A mean of differences on the same splits, with its standard error (null below two splits). */
export interface PairedMean {
  readonly n: number;
  readonly mean: number;
  readonly se: number | null;
}

export interface SamplingSummary extends SamplingWay {
  readonly excess: Statistic | null; // mmd2_u − mmd2_u_floor
  readonly nearest_ratio: Statistic | null;
  readonly ms_per_1000: Statistic | null;
  /** mmd2_u less that of the reference, 1,000 steps of ddpm of the same model. */
  readonly difference: PairedMean | null;
}

export interface ConvergencePoint {
  readonly step: Statistic | null;
  readonly seconds: Statistic | null;
  readonly loss: Statistic | null;
  readonly excess: Statistic | null;
  readonly nearest_ratio: Statistic | null;
}

export interface ConvergenceSummary {
  readonly method: string;
  /** At growing shares of the training, the last one its end. */
  readonly points: readonly ConvergencePoint[];
}

export interface CostSummary {
  readonly method: string;
  readonly excess: Statistic | null;
  readonly nearest_ratio: Statistic | null;
  readonly train_s: Statistic | null;
  readonly ms_per_1000: Statistic | null;
  readonly model_kb: Statistic | null;
  readonly peak_mb: Statistic | null;
}

/** Of one data set. */
export interface TableTradeoffs {
  readonly dataset: string;
  readonly splits: number;
  readonly sampling: readonly SamplingSummary[];
  readonly convergence: readonly ConvergenceSummary[];
  readonly costs: readonly CostSummary[];
}

/** Whether a sampler's {@link FEW_STEPS} steps keep within `margin` of the reference on average, on each table and on all. */
export interface FewSteps {
  readonly sampler: DiffusionSampler;
  readonly steps: number;
  readonly margin: number;
  readonly holds: boolean;
  readonly tables: readonly (PairedMean & { readonly dataset: string; readonly holds: boolean })[];
}

/** What to take in a place with its needs. */
export interface Deployment {
  readonly place: string;
  readonly needs: string;
  readonly advice: string;
}

export interface Tradeoffs {
  readonly tables: readonly TableTradeoffs[];
  readonly few_steps: readonly FewSteps[];
  readonly sentences: readonly string[];
  readonly deployments: readonly Deployment[];
  readonly failures: readonly FailedTradeoff[];
}

/** Null without lines. The order of the lines does not matter. */
export function summariseTradeoffs(
  lines: readonly TradeoffLine[],
  datasets: readonly { readonly name: string; readonly title: string }[],
): Tradeoffs | null {
  if (lines.length === 0) return null;
  const sorted = [...lines].sort((a, b) => a.split - b.split); // stable: the lines of a split keep their order
  const names = listedOrder(
    datasets.map(({ name }) => name),
    sorted.map(({ dataset }) => dataset),
  );
  const tables = names.flatMap((dataset) => {
    const own = sorted.filter((line) => line.dataset === dataset);
    return own.length > 0 ? [tableOf(dataset, own)] : [];
  });
  const few_steps = fewStepsOf(tables);
  // in the middle of a sentence without what the title says in brackets
  const titles = new Map(datasets.map(({ name, title }) => [name, title.replace(/ \(.*\)$/, '')]));
  const titleOf = (name: string) => titles.get(name) ?? name;
  return {
    tables,
    few_steps,
    sentences: [...fewStepsSentences(tables, few_steps, titleOf), ...convergenceSentences(tables, titleOf)],
    deployments: deploymentsOf(tables),
    failures: tables.flatMap(
      ({ dataset }) => sorted.filter((line) => line.kind === 'failed' && line.dataset === dataset) as FailedTradeoff[],
    ),
  };
}

const excessOf = ({ mmd2_u, mmd2_u_floor }: Likeness): number | null =>
  mmd2_u === null || mmd2_u_floor === null ? null : mmd2_u - mmd2_u_floor;

function tableOf(dataset: string, lines: readonly TradeoffLine[]): TableTradeoffs {
  const sampling = lines.filter((line) => line.kind === 'sampling');
  const convergence = lines.filter((line) => line.kind === 'convergence');
  const costs = lines.filter((line) => line.kind === 'cost');
  const methods = methodOrder(
    [],
    [...convergence, ...costs].map(({ method }) => method),
  );
  const of = <Line extends { readonly method: string }>(all: readonly Line[], name: string) => all.filter(({ method }) => method === name);
  return {
    dataset,
    splits: new Set(lines.map(({ split }) => split)).size,
    sampling: samplingOf(sampling),
    convergence: methods.flatMap((method) => {
      const own = of(convergence, method);
      return own.length > 0 ? [{ method, points: pointsOf(own) }] : [];
    }),
    costs: methods.flatMap((method) => {
      const own = of(costs, method);
      return own.length > 0 ? [costOf(method, own)] : [];
    }),
  };
}

/** By sampler, each by its number of steps. */
function samplingOf(lines: readonly SamplingLine[]): SamplingSummary[] {
  const reference = new Map(lines.filter((line) => wayKey(line) === wayKey(REFERENCE)).map((line) => [line.split, line]));
  const samplers = ['ddpm', 'ddim', 'dpm++'] as const;
  return samplers.flatMap((sampler) => {
    const own = lines.filter((line) => line.sampler === sampler);
    const steps = [...new Set(own.map((line) => line.steps))].sort((a, b) => a - b);
    return steps.map((count): SamplingSummary => {
      const same = own.filter((line) => line.steps === count);
      const difference = same.map(({ split, mmd2_u }) => {
        const other = reference.get(split)?.mmd2_u ?? null;
        return mmd2_u === null || other === null ? null : mmd2_u - other;
      });
      return {
        sampler,
        steps: count,
        excess: statisticOf(same.map(excessOf)),
        nearest_ratio: statisticOf(same.map((line) => line.nearest_ratio)),
        ms_per_1000: statisticOf(same.map((line) => line.ms_per_1000)),
        difference: pairedMean(difference),
      };
    });
  });
}

function pairedMean(differences: readonly (number | null)[]): PairedMean | null {
  const statistic = statisticOf(differences);
  return statistic && { n: statistic.n, mean: statistic.mean, se: statistic.sd === null ? null : statistic.sd / Math.sqrt(statistic.n) };
}

/** The k-th look of every split together: splits of a few rows more or less take a few steps more or less. */
function pointsOf(lines: readonly ConvergenceLine[]): ConvergencePoint[] {
  const splits = [...new Set(lines.map(({ split }) => split))].map((split) =>
    lines.filter((line) => line.split === split).sort((a, b) => a.step - b.step),
  );
  const looks = splits.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: looks }, (_, k) => {
    const at = splits.flatMap((own) => (own[k] ? [own[k]] : []));
    return {
      step: statisticOf(at.map(({ step }) => step)),
      seconds: statisticOf(at.map(({ seconds }) => seconds)),
      loss: statisticOf(at.map(({ loss }) => loss)),
      excess: statisticOf(at.map(excessOf)),
      nearest_ratio: statisticOf(at.map(({ nearest_ratio }) => nearest_ratio)),
    };
  });
}

const costOf = (method: string, lines: readonly CostLine[]): CostSummary => ({
  method,
  excess: statisticOf(lines.map(excessOf)),
  nearest_ratio: statisticOf(lines.map((line) => line.nearest_ratio)),
  train_s: statisticOf(lines.map((line) => line.train_s)),
  ms_per_1000: statisticOf(lines.map((line) => line.ms_per_1000)),
  model_kb: statisticOf(lines.map((line) => line.model_kb)),
  peak_mb: statisticOf(lines.map((line) => line.peak_mb)),
});

/** The samplers that were measured at few steps on every table that has the reference. */
function fewStepsOf(tables: readonly TableTradeoffs[]): FewSteps[] {
  const measured = tables.filter(({ sampling }) => sampling.some((way) => wayKey(way) === wayKey(REFERENCE)));
  const samplers = ['ddpm', 'ddim', 'dpm++'] as const;
  return samplers.flatMap((sampler) => {
    const own = measured.flatMap(({ dataset, sampling }) => {
      const difference = sampling.find((way) => way.sampler === sampler && way.steps === FEW_STEPS)?.difference;
      return difference ? [{ dataset, ...difference, holds: difference.mean <= MARGIN }] : [];
    });
    if (own.length === 0 || own.length < measured.length) return [];
    return [{ sampler, steps: FEW_STEPS, margin: MARGIN, holds: own.every(({ holds }) => holds), tables: own }];
  });
}
