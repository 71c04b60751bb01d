/** What the measured trade-offs mean, as sentences that follow from the figures. */
import { FEW_STEPS, MARGIN, REFERENCE, type SamplingWay, wayKey } from './tradeoff-lines.js';
import type {
  ConvergencePoint,
  CostSummary,
  Deployment,
  FewSteps,
  PairedMean,
  SamplingSummary,
  TableTradeoffs,
} from './tradeoff-summary.js';
import { counted, enumerated, fixed, grouped, methodTitle, signed } from './words.js';

const SAMPLER_TITLES = { ddpm: 'DDPM', ddim: 'DDIM', 'dpm++': 'DPM-Solver++' } as const;
export const samplerTitle = (sampler: SamplingWay['sampler']): string => SAMPLER_TITLES[sampler];
const wayTitle = ({ sampler, steps }: SamplingWay): string => `${grouped(steps)} steps of ${samplerTitle(sampler)}`;
const [FEW, MOST] = [grouped(FEW_STEPS), wayTitle(REFERENCE)];

export const withError = ({ mean, se }: PairedMean): string => `${signed(mean, 4)}${se === null ? '' : ` ± ${fixed(se, 4)}`}`;

type TitleOf = (dataset: string) => string;

/** Whether few steps keep the fidelity of the reference, where not, and how much time they spare. */
export function fewStepsSentences(tables: readonly TableTradeoffs[], few: readonly FewSteps[], titleOf: TitleOf): string[] {
  if (few.length === 0) return [];
  const figures = ({ tables: own }: FewSteps) => enumerated(own.map((table) => `${withError(table)} on ${titleOf(table.dataset)}`));
  const ns = few.flatMap(({ tables: own }) => own.map(({ n }) => n));
  const fewest = ns.reduce((least, n) => Math.min(least, n), Number.POSITIVE_INFINITY);
  const basis = `unbiased MMD² less that of the reference, mean ± standard error over ${counted(fewest, 'split')} of the same model`;
  const caution = fewest < 5 ? ` ${counted(fewest, 'split')} ${fewest === 1 ? 'is' : 'are'} few for such a statement.` : '';
  const [holding, failing] = [few.filter(({ holds }) => holds), few.filter(({ holds }) => !holds)];
  const best = [...holding].sort((a, b) => meanOf(a) - meanOf(b))[0];
  const all = few[0]?.tables.length === 1 ? 'the table' : `all ${few[0]?.tables.length} tables`;
  const sentences: string[] = [];
  if (best) {
    sentences.push(
      `${FEW} steps are enough. ${enumerated(holding.map(({ sampler }) => samplerTitle(sampler)))} with ${FEW} steps ${holding.length === 1 ? 'keeps' : 'keep'} the fidelity of ${MOST} on ${all}; the best, ${samplerTitle(best.sampler)}: ${figures(best)} (${basis}; up to ${signed(MARGIN)} counts as kept).${certainty(best, titleOf)}${caution}`,
    );
  } else {
    sentences.push(
      `${FEW} steps are not enough. No sampler keeps the fidelity of ${MOST} on ${all} with ${FEW} steps (${basis}; up to ${signed(MARGIN)} counts as kept).${caution}`,
    );
  }
  for (const way of failing) {
    const lost = way.tables.filter(({ holds }) => !holds).map(({ dataset }) => titleOf(dataset));
    sentences.push(`${samplerTitle(way.sampler)} with ${FEW} steps does not. It loses fidelity on ${enumerated(lost)}: ${figures(way)}.`);
  }
  return [...sentences, ...speedSentences(tables, titleOf)];
}

const meanOf = ({ tables }: Pick<FewSteps, 'tables'>): number => tables.reduce((sum, { mean }) => sum + mean, 0) / tables.length;

/** Whether two standard errors reach beyond the margin, and on which tables. */
function certainty({ tables }: FewSteps, titleOf: TitleOf): string {
  if (tables.some(({ se }) => se === null)) return '';
  const open = tables.filter(({ mean, se }) => mean + 2 * (se ?? 0) > MARGIN).map(({ dataset }) => titleOf(dataset));
  return open.length === 0
    ? ' Two standard errors do not reach beyond that.'
    : ` On ${enumerated(open)} two standard errors reach beyond that.`;
}

/** The fewest steps of any sampler that keep the fidelity on every table, and the time of a thousand rows. */
function speedSentences(tables: readonly TableTradeoffs[], titleOf: TitleOf): string[] {
  const fastest = fastestKept(tables);
  if (!fastest) return [];
  const times = tables.flatMap(({ dataset, sampling }) => {
    const [few, most] = [fastest, REFERENCE].map((way) => find(sampling, way)?.ms_per_1000?.mean);
    return few && most
      ? [`${milliseconds(few)} instead of ${milliseconds(most)} on ${titleOf(dataset)} (${fixed(most / few, 0)} times faster)`]
      : [];
  });
  if (times.length === 0) return [];
  return [`${wayTitle(fastest)} are the quickest that keep it. A thousand rows take ${enumerated(times)}.`];
}

const find = (sampling: readonly SamplingSummary[], way: SamplingWay) => sampling.find((entry) => wayKey(entry) === wayKey(way));

/** Time as people say it. */
export const milliseconds = (ms: number): string => (ms < 1000 ? `${fixed(ms, ms < 10 ? 1 : 0)} ms` : `${fixed(ms / 1000, 1)} s`);
const seconds = (s: number): string => milliseconds(1000 * s);

/** The ways of sampling that keep the fidelity of the reference on all tables, the quickest first. */
function keptWays(tables: readonly TableTradeoffs[]): SamplingWay[] {
  const [first] = tables;
  const kept = (first?.sampling ?? []).filter((way) =>
    tables.every(({ sampling }) => {
      const difference = find(sampling, way)?.difference;
      // on as many splits as the reference: those of fewer are there for the picture
      return difference && difference.mean <= MARGIN && difference.n === find(sampling, REFERENCE)?.difference?.n;
    }),
  );
  const time = (way: SamplingWay) => tables.reduce((sum, { sampling }) => sum + (find(sampling, way)?.ms_per_1000?.mean ?? 0), 0);
  return kept.map(({ sampler, steps }) => ({ sampler, steps })).sort((a, b) => time(a) - time(b));
}

const fastestKept = (tables: readonly TableTradeoffs[]): SamplingWay | undefined =>
  keptWays(tables).find((way) => wayKey(way) !== wayKey(REFERENCE));

/** When a method's rows are as good as at the end of its training, table by table. */
export function convergenceSentences(tables: readonly TableTradeoffs[], titleOf: TitleOf): string[] {
  const methods = [...new Set(tables.flatMap(({ convergence }) => convergence.map(({ method }) => method)))];
  return methods.map((method) => {
    const of = tables.flatMap(({ dataset, convergence }) => {
      const points = convergence.find((entry) => entry.method === method)?.points ?? [];
      const text = settledText(points);
      return text ? [`${text} on ${titleOf(dataset)}`] : [];
    });
    return `${methodTitle(method)}. Its rows are as near to unseen patients as at the end of its training (within ${fixed(MARGIN)}) after ${enumerated(of)}.`;
  });
}

/** "3.1 s of 6.0 s" */
function settledText(points: readonly ConvergencePoint[]): string | null {
  const last = points.at(-1);
  if (!last?.excess || !last.seconds) return null;
  let at = points.length - 1;
  while (at > 0 && (points[at - 1]?.excess?.mean ?? Number.POSITIVE_INFINITY) <= last.excess.mean + MARGIN) at--;
  const time = points[at]?.seconds?.mean;
  return time === undefined ? null : `${seconds(time)} of ${seconds(last.seconds.mean)}`;
}

interface Place {
  readonly place: string;
  readonly needs: string;
  readonly train_s: number;
  readonly ms_per_1000: number;
  readonly model_kb: number;
  readonly peak_mb: number;
}

const NO_LIMIT = Number.POSITIVE_INFINITY;
/** Rows nearer to the training patients than this, as a share of what is natural, are no fit for leaving the house. */
const NEAREST = 0.8;

const PLACES: readonly Place[] = [
  {
    place: 'Server',
    needs: 'Fidelity first; no limit on time and memory.',
    train_s: NO_LIMIT,
    ms_per_1000: NO_LIMIT,
    model_kb: NO_LIMIT,
    peak_mb: NO_LIMIT,
  },
  {
    place: 'Laptop',
    needs: 'Trained on the spot: at most a minute and 512 MB; 1,000 rows within 2 seconds.',
    train_s: 60,
    ms_per_1000: 2000,
    model_kb: NO_LIMIT,
    peak_mb: 512,
  },
  {
    place: 'Bedside device',
    needs: 'Trained elsewhere: a model of at most 1 MB, and 1,000 rows within 2 seconds on a processor ten times slower than this one.',
    train_s: NO_LIMIT,
    ms_per_1000: 200,
    model_kb: 1024,
    peak_mb: NO_LIMIT,
  },
  {
    place: 'Page in a browser',
    needs: 'Trained in the tab while one waits: at most 20 seconds and 256 MB; 1,000 rows within a second.',
    train_s: 20,
    ms_per_1000: 1000,
    model_kb: NO_LIMIT,
    peak_mb: 256,
  },
];

/** For each place the most faithful method that meets its needs on every table, and how to sample a diffusion model there. */
export function deploymentsOf(tables: readonly TableTradeoffs[]): Deployment[] {
  const measured = tables.filter(({ costs }) => costs.length > 0);
  if (measured.length === 0) return [];
  return PLACES.map(({ place, needs, ...limits }) => ({ place, needs, advice: adviceFor(limits, measured) }));
}

type Limits = Omit<Place, 'place' | 'needs'>;

function adviceFor(limits: Limits, tables: readonly TableTradeoffs[]): string {
  const fits = ({ costs }: Candidate) => costs.every((cost) => meets(cost, limits));
  const plain = candidatesOf(tables);
  const candidates = plain.some((one) => one.method === DIFFUSION && fits(one)) ? plain : [...plain, ...quickerDiffusion(limits, tables)];
  const [best] = candidates.filter(fits).sort((a, b) => a.excess - b.excess);
  const sampling = best?.way ? '' : samplingAdvice(limits, tables);
  if (!best) return `No method that was measured meets this on every table. ${sampling}`.trim();
  const most = (field: keyof Limits) => best.costs.reduce((top, cost) => Math.max(top, cost[field]?.mean ?? 0), 0);
  const size = best.costs.some(({ model_kb }) => model_kb) ? `, a model of ${grouped(most('model_kb'))} kB` : '';
  const how = best.way ? ` of ${grouped(REFERENCE.steps)} steps, sampled by ${wayTitle(best.way)}` : '';
  return `${methodTitle(best.method)}${how}: mean excess MMD² ${signed(best.excess, 4)}; at most ${seconds(most('train_s'))} of training, ${milliseconds(most('ms_per_1000'))} for 1,000 rows, ${fixed(most('peak_mb'), 0)} MB${size}. ${sampling}`.trim();
}

interface Candidate {
  readonly method: string;
  /** How it is sampled, where not as by default. */
  readonly way: SamplingWay | null;
  readonly excess: number;
  readonly costs: readonly CostSummary[];
}

/** The method whose model is sampled in all ways. */
const DIFFUSION = 'tabddpm';

/** Methods with figures on every table whose rows are no near copies. */
function candidatesOf(tables: readonly TableTradeoffs[]): Candidate[] {
  const methods = (tables[0]?.costs ?? []).map(({ method }) => method);
  return methods.flatMap((method) => {
    const costs = tables.flatMap((table) => table.costs.filter((cost) => cost.method === method));
    return costs.length < tables.length ? [] : candidate(method, null, costs);
  });
}

function candidate(method: string, way: SamplingWay | null, costs: readonly CostSummary[]): Candidate[] {
  if (costs.some(({ excess, nearest_ratio }) => !excess || (nearest_ratio && nearest_ratio.mean < NEAREST))) return [];
  return [{ method, way, costs, excess: costs.reduce((sum, { excess }) => sum + (excess?.mean ?? 0), 0) / costs.length }];
}

/** The diffusion model by the way that is quick enough and keeps its fidelity best, with that way's figures. */
function quickerDiffusion({ ms_per_1000 }: Limits, tables: readonly TableTradeoffs[]): Candidate[] {
  const [way] = nearestFirst(
    tables,
    keptWays(tables).filter((one) => slowest(tables, one) <= ms_per_1000),
  );
  if (!way) return [];
  const costs = tables.flatMap(({ sampling, costs: all }) => {
    const [cost, measured] = [all.find(({ method }) => method === DIFFUSION), find(sampling, way)];
    if (!cost || !measured) return [];
    const { excess, nearest_ratio, ms_per_1000: ms } = measured;
    return [{ ...cost, excess, nearest_ratio, ms_per_1000: ms }];
  });
  return costs.length < tables.length ? [] : candidate(DIFFUSION, way, costs);
}

function meets(cost: CostSummary, limits: Limits): boolean {
  const fields = ['train_s', 'ms_per_1000', 'model_kb', 'peak_mb'] as const;
  return fields.every((field) => limits[field] === NO_LIMIT || (cost[field] !== null && cost[field].mean <= limits[field]));
}

/** The largest time of a thousand rows over the tables. */
const slowest = (tables: readonly TableTradeoffs[], way: SamplingWay): number =>
  tables.reduce((most, { sampling }) => Math.max(most, find(sampling, way)?.ms_per_1000?.mean ?? NO_LIMIT), 0);

/** By their mean difference from the reference. */
function nearestFirst(tables: readonly TableTradeoffs[], ways: readonly SamplingWay[]): SamplingWay[] {
  const difference = (way: SamplingWay) => tables.reduce((sum, { sampling }) => sum + (find(sampling, way)?.difference?.mean ?? 0), 0);
  return [...ways].sort((a, b) => difference(a) - difference(b));
}

/** Of a diffusion model with the reference's number of steps: the nearest to it without a limit of time, else the quickest that keeps it. */
function samplingAdvice({ ms_per_1000 }: Limits, tables: readonly TableTradeoffs[]): string {
  const kept = keptWays(tables);
  if (kept.length === 0) return '';
  const [way] = ms_per_1000 === NO_LIMIT ? nearestFirst(tables, kept) : kept.filter((one) => slowest(tables, one) <= ms_per_1000);
  if (!way) return `No way of sampling a diffusion model of ${grouped(REFERENCE.steps)} steps is quick enough and keeps its fidelity.`;
  return `A diffusion model of ${grouped(REFERENCE.steps)} steps is sampled there by ${wayTitle(way)} (${milliseconds(slowest(tables, way))} for 1,000 rows).`;
}
