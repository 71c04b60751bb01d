/** The lines of `tradeoffs.jsonl`, what a task (a data set and a split) leaves of them, and which tasks a file has finished. */
import type { DiffusionSampler } from '../backend/ops-diffusion.js';

/** One of the units that run on a worker of their own. */
export interface TradeoffTask {
  readonly dataset: string;
  readonly split: number;
}

interface Identity extends TradeoffTask {
  readonly seed: number;
  readonly version: string;
}

/** Fidelity of 1,000 rows as in a study's lines: unbiased MMD² against the test minority, and its floor. */
export interface Likeness {
  readonly mmd2_u: number | null;
  readonly mmd2_u_floor: number | null;
  readonly nearest_ratio: number | null;
}

/** One way to sample the one diffusion model of a split. */
export interface SamplingLine extends Identity, Likeness {
  readonly kind: 'sampling';
  readonly sampler: DiffusionSampler;
  readonly steps: number;
  /** Of the model: as many steps of ddpm are the reference. */
  readonly timesteps: number;
  readonly ms_per_1000: number;
}

/** A model in the middle of its training. */
export interface ConvergenceLine extends Identity, Likeness {
  readonly kind: 'convergence';
  readonly method: string;
  readonly step: number;
  /** Of training, without the looks at it. */
  readonly seconds: number;
  readonly loss: number | null;
}

/** What a method costs; its last line of a task. */
export interface CostLine extends Identity, Likeness {
  readonly kind: 'cost';
  readonly method: string;
  readonly train_s: number;
  readonly ms_per_1000: number;
  /** Of the trained model; null for methods without one. */
  readonly model_kb: number | null;
  /** Of the core while it trained and drew 1,000 rows. */
  readonly peak_mb: number;
}

/** A part of a task that failed: the others go on. */
export interface FailedTradeoff extends Identity {
  readonly kind: 'failed';
  /** "sampling" or the method's name. */
  readonly part: string;
  readonly error: string;
}

export type TradeoffLine = SamplingLine | ConvergenceLine | CostLine | FailedTradeoff;

export interface SamplingWay {
  readonly sampler: DiffusionSampler;
  readonly steps: number;
}

/** T of the model that is sampled in all ways: 1,000 steps of ddpm are what it was made for. */
export const TIMESTEPS = 1000;
export const REFERENCE: SamplingWay = { sampler: 'ddpm', steps: TIMESTEPS };
/** The number of steps that is to hold against the reference, and by how much MMD² may be above it. */
export const FEW_STEPS = 20;
export const MARGIN = 0.001;

const SAMPLERS: readonly DiffusionSampler[] = ['ddpm', 'ddim', 'dpm++'];
const STEPS: readonly number[] = [100, 50, FEW_STEPS, 10, 5];
/** Splits with the parts that take long: all samplers at all steps, and the methods' trainings. */
export const LONG_SPLITS = 3;

/** The ways of a split, the longest first. */
export function samplingWays(split: number): SamplingWay[] {
  const whole = split < LONG_SPLITS ? SAMPLERS : [REFERENCE.sampler];
  return [
    ...whole.map((sampler): SamplingWay => ({ sampler, steps: TIMESTEPS })),
    ...STEPS.flatMap((steps) => SAMPLERS.map((sampler): SamplingWay => ({ sampler, steps }))),
  ];
}

/** Methods that train and are watched while they do. */
const WATCHED: readonly string[] = ['ctgan', 'tvae', 'tabddpm', 'forestflow'];
/** Methods that need (nearly) no training, of which only the cost is told. */
const QUICK: readonly string[] = ['smote', 'rose', 'copula'];

/** The methods of a study whose cost is measured on a split. */
export const costedMethods = (methods: readonly string[], split: number): string[] =>
  split < LONG_SPLITS ? methods.filter((name) => WATCHED.includes(name) || QUICK.includes(name)) : [];

/** All tasks of a study, split by split. */
export const listTradeoffs = (datasets: readonly string[], splits: number): TradeoffTask[] =>
  Array.from({ length: splits }, (_, split) => datasets.map((dataset): TradeoffTask => ({ dataset, split }))).flat();

export const tradeoffKey = ({ dataset, split }: TradeoffTask): string => `${dataset}\t${split}`;

/** The tasks of which `lines` lack nothing and hold no failure, for a study of these methods. */
export function finishedTradeoffs(lines: readonly TradeoffLine[], methods: readonly string[]): Set<string> {
  const parts = new Map<string, Set<string>>();
  const failed = new Set<string>();
  for (const line of lines) {
    const key = tradeoffKey(line);
    if (line.kind === 'failed') failed.add(key);
    const own = parts.get(key) ?? new Set();
    parts.set(key, own);
    if (line.kind === 'sampling') own.add(wayKey(line));
    if (line.kind === 'cost') own.add(line.method);
  }
  const whole = ([key, own]: [string, Set<string>]) => {
    const split = Number(key.slice(key.lastIndexOf('\t') + 1));
    const wanted = [...samplingWays(split).map(wayKey), ...costedMethods(methods, split)];
    return !failed.has(key) && wanted.every((part) => own.has(part));
  };
  return new Set([...parts].filter(whole).map(([key]) => key));
}

export const wayKey = ({ sampler, steps }: SamplingWay): string => `${sampler} ${steps}`;
