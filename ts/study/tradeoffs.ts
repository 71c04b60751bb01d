/**
 * What training and sampling cost, and what is gained by more of either, on the training and test part of a split: one diffusion
 * model sampled in many ways, and methods watched while they train. Only measures; nothing is chosen by it.
 */
import type { Backend } from '../backend/backend.js';
import { fitFeatures } from '../encode/features.js';
import { CancelledError } from '../errors.js';
import type { Generator, Run, Sampler } from '../generate/generator.js';
import { tabddpm } from '../generate/tabddpm.js';
import { bandwidth, mmd, nearestRatio } from '../metrics/fidelity.js';
import { Stream } from '../random.js';
import { type Dataset, type Table, takeDataset } from '../table/table.js';
import { JUDGED_ROWS, minorityOf } from './fidelity.js';
import { methodOf } from './methods.js';
import { numberOrNull } from './result.js';
import { splitOf } from './splits.js';
import {
  type ConvergenceLine,
  type CostLine,
  costedMethods,
  type FailedTradeoff,
  type Likeness,
  type SamplingLine,
  samplingWays,
  TIMESTEPS,
  type TradeoffLine,
  type TradeoffTask,
} from './tradeoff-lines.js';

export interface TradeoffSetting {
  readonly seed: number;
  readonly version: string;
  /** Of the study; those that train are watched. */
  readonly methods: readonly string[];
  /** Rows that are drawn and judged each time; 1,000 unless told otherwise. */
  readonly rows?: number | undefined;
}

export type TradeoffRun = Pick<Run, 'backend' | 'signal'>;

/** Judges drawn rows against the test minority of a split. */
type Judge = (rows: Table) => Promise<Likeness>;

interface Parts {
  readonly train: Dataset;
  readonly judge: Judge;
  readonly stream: Stream;
  readonly rows: number;
  readonly identity: TradeoffTask & Pick<TradeoffSetting, 'seed' | 'version'>;
}

/** Everything that is measured on a split. A part that fails leaves a line that says so, and the others go on. */
export async function runTradeoffs(
  task: TradeoffTask,
  data: Dataset,
  { seed, version, methods, rows = JUDGED_ROWS }: TradeoffSetting,
  run: TradeoffRun,
): Promise<TradeoffLine[]> {
  const { dataset, split } = task;
  const stream = Stream.fromSeed(seed).child(dataset).child('tradeoffs').child(split);
  const { train: inner, test: outer } = splitOf(data, seed, split);
  const [train, test] = [takeDataset(data, inner), takeDataset(data, outer)];
  const judge = await judgeOf(train, test, stream.child('measure'), run.backend);
  const parts: Parts = { train, judge, stream, rows, identity: { dataset, split, seed, version } };
  const lines = await settled(parts, 'sampling', () => sampling(parts, run));
  for (const method of costedMethods(methods, split)) lines.push(...(await settled(parts, method, () => training(parts, method, run))));
  return lines;
}

async function settled({ identity }: Parts, part: string, work: () => Promise<TradeoffLine[]>): Promise<TradeoffLine[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    const failed: FailedTradeoff = { kind: 'failed', ...identity, part, error: error instanceof Error ? error.message : String(error) };
    return [failed];
  }
}

/** All rows of a split meet the same floor and the same draws of rows where there are too many. */
async function judgeOf(train: Dataset, test: Dataset, stream: Stream, backend: Backend): Promise<Judge> {
  const encoder = fitFeatures(train.features);
  const [training, held] = [encoder.standardised(minorityOf(train)), encoder.standardised(minorityOf(test))];
  const s = await bandwidth(backend, training, stream.child('bandwidth'));
  const floor = await mmd(backend, training, held, s, stream.child('floor'));
  return async (table) => {
    const rows = encoder.standardised(table);
    return {
      mmd2_u: numberOrNull((await mmd(backend, rows, held, s, stream.child('mmd'))).unbiased),
      mmd2_u_floor: numberOrNull(floor.unbiased),
      nearest_ratio: numberOrNull(await nearestRatio(backend, rows, training, held, stream.child('nearest'))),
    };
  };
}

/** One model of the minority, sampled in every way. All ways begin with the same noise, so that less of their differences is chance. */
async function sampling({ train, judge, stream, rows, identity }: Parts, run: TradeoffRun): Promise<SamplingLine[]> {
  const own = stream.child('sampling');
  const model = await tabddpm.fit(train, own.child('fit'), run, { timesteps: TIMESTEPS, prediction: 'v' });
  const lines: SamplingLine[] = [];
  for (const { sampler, steps } of samplingWays(identity.split)) {
    const options = { sampler, samplingSteps: steps };
    const { value, ms } = await timed(() => model.sampleBy(options, rows, own.child('sample'), run));
    lines.push({
      kind: 'sampling',
      ...identity,
      sampler,
      steps,
      timesteps: TIMESTEPS,
      ...(await judge(value)),
      ms_per_1000: (1000 * ms) / rows,
    });
  }
  return lines;
}

/** A method's training, looked at on the way, and what it costs. It has a memory of its own, so that its peak is its own. */
async function training({ train, judge, stream, rows, identity }: Parts, method: string, run: TradeoffRun): Promise<TradeoffLine[]> {
  const own = stream.child('training').child(method);
  const generator = methodOf(method).generator as Generator;
  const [backend, other] = [await run.backend.fork(), run.backend];
  const seen: Omit<ConvergenceLine, 'loss'>[] = [];
  let watching = 0;
  const onCheckpoint: Run['onCheckpoint'] = async ({ step, seconds, sampler }) => {
    const { ms } = await timed(async () => {
      const drawn = await sampler.sample(rows, own.child('sample'), { ...run, backend: other });
      seen.push({ kind: 'convergence', ...identity, method, step, seconds, ...(await judge(drawn)) });
    });
    watching += ms;
  };
  const fit = await timed(() => generator.fit(train, own.child('fit'), { ...run, backend, onCheckpoint }));
  const sampler = fit.value;
  const draw = await timed(() => sampler.sample(rows, own.child('sample'), { ...run, backend }));
  const cost: CostLine = {
    kind: 'cost',
    ...identity,
    method,
    ...(await judge(draw.value)),
    train_s: (fit.ms - watching) / 1000,
    ms_per_1000: (1000 * draw.ms) / rows,
    model_kb: sampler.modelBytes === undefined ? null : sampler.modelBytes / 1024,
    peak_mb: backend.memoryBytes() / 1048576,
  };
  return [...seen.map((line): ConvergenceLine => ({ ...line, loss: lossAt(sampler, line.step) })), cost];
}

/** The loss that was noted at `step` or next after it. */
function lossAt({ history: { steps, losses } }: Sampler, step: number): number | null {
  const at = steps.findIndex((noted) => noted >= step);
  return at < 0 ? null : numberOrNull(losses[at] as number);
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ value: Value; ms: number }> {
  const started = performance.now();
  const value = await work();
  return { value, ms: performance.now() - started };
}
