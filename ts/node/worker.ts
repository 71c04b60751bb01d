/** A worker thread: one WebAssembly instance at a time, one task at a time. */
import { parentPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { type Audit, runAudit } from '../audit/audit.js';
import type { Backend, Variant } from '../backend/backend.js';
import type { Workload } from '../backend/calibrate.js';
import { type BackendChoice, type Selection, selectBackend } from '../backend/select.js';
import { saveClassifier, storedClassifier } from '../classifier-model.js';
import { classifierStream } from '../classify/classifier.js';
import { fitFeatures } from '../encode/features.js';
import { ComputeError, InputError } from '../errors.js';
import { type BalanceTargets, drawBalanced } from '../generate/balanced.js';
import { type Acceptance, holdingSampler } from '../generate/constrained.js';
import { type Generator, methodStreams, type Progress } from '../generate/generator.js';
import { saveModel } from '../model.js';
import type { Stream } from '../random.js';
import { type Cell, type CellOutcome, type CellSetting, runCell } from '../study/cell.js';
import { classifierOf } from '../study/classifiers.js';
import { groupKey } from '../study/grid.js';
import { methodOf } from '../study/methods.js';
import { newShared, type Shared } from '../study/shared.js';
import type { TradeoffLine, TradeoffTask } from '../study/tradeoff-lines.js';
import { runTradeoffs, type TradeoffSetting } from '../study/tradeoffs.js';
import type { OutlineColumn } from '../table/outline.js';
import type { Dataset, Table } from '../table/table.js';
import type { AuditTask } from './audit.js';
import { provideGl } from './gpu.js';

/** What every task of a pool shares; copied to each worker once. */
export interface WorkerData {
  /** The WASM core where left out. */
  readonly backend?: BackendChoice | undefined;
  readonly variant: Variant;
  readonly datasets: readonly Dataset[];
  /** Null in a pool that runs no cells. */
  readonly setting: CellSetting | null;
}

export interface FitTask {
  readonly method: string;
  readonly seed: number;
  /** Options of the method that are not its defaults. */
  readonly options?: object | undefined;
  /** Of the table that is learnt from; the model's file is made where it is given. */
  readonly outline?: readonly OutlineColumn[] | undefined;
}

export interface DrawTask extends FitTask {
  readonly rows: number;
  /** How many of them each group takes. */
  readonly balance?: BalanceTargets | undefined;
}

export interface Fitted {
  readonly warnings: readonly string[];
  /** Steps of the training; 0 of methods that do not train. */
  readonly steps: number;
  /** Bytes of the model's file, and what it holds of the patients. */
  readonly model: { readonly bytes: Uint8Array; readonly holds: string } | null;
}

export interface Drawn extends Fitted {
  readonly table: Table;
  /** How many rows held the constraints; null where there are none. */
  readonly acceptance: Acceptance | null;
}

export interface PredictTask {
  readonly classifier: string;
  /** Rows to predict, where there are any. */
  readonly test: Table | null;
  readonly seed: number;
  /** Of the table that is learnt from; the classifier's file is made where it is given. */
  readonly outline?: readonly OutlineColumn[] | undefined;
  /** What whoever uses the classifier should know of that table. */
  readonly warnings: readonly string[];
}

export interface Predicted {
  /** Of the positive class (N); null without rows. */
  readonly probability: Float32Array | null;
  readonly model: Fitted['model'];
}

const data = Piscina.workerData as WorkerData;
let first: Promise<Selection> | undefined;

/** The thread's backend; the core, and what the GPU has compiled, are made once. */
function selected(workload?: Workload): Promise<Selection> {
  const { backend = 'wasm', variant } = data;
  if (!first && backend !== 'wasm') provideGl();
  first ??= selectBackend(backend, { variant, workload });
  return first;
}

/** Memory of its own for each task, so that one's peak does not count for the next. */
async function freshBackend(): Promise<Backend> {
  const { backend } = await selected();
  return backend.fork();
}

export interface SelectTask {
  readonly workload: Workload;
}

/** What the thread's backend turns out to be: asked once, before the work starts. */
export function select({ workload }: SelectTask): Promise<Outcome<Omit<Selection, 'backend'>>> {
  return settled(async () => {
    const { backend: _, ...facts } = await selected(workload);
    return facts;
  });
}

/** Node before 22.19 tells the process's CPU time only, which other workers share. */
const threadUsage = (process as { threadCpuUsage?: () => NodeJS.CpuUsage }).threadCpuUsage?.bind(process);
const cpuSeconds =
  threadUsage &&
  (() => {
    const { user, system } = threadUsage();
    return (user + system) / 1e6;
  });

/** What the cells of the group at work share. */
let group: { readonly key: string; readonly shared: Shared } | undefined;

/** A cell of the study. */
export default async function work(cell: Cell): Promise<CellOutcome> {
  const key = groupKey(cell);
  if (group?.key !== key) group = { key, shared: newShared() };
  const dataset = data.datasets.find(({ name }) => name === cell.dataset) as Dataset;
  return runCell(cell, dataset, data.setting as CellSetting, { backend: await freshBackend(), shared: group.shared, cpuSeconds });
}

export interface TradeoffJob extends TradeoffTask {
  readonly setting: TradeoffSetting;
}

/** The trade-offs of a split. */
export async function tradeoffs({ dataset: name, split, setting }: TradeoffJob): Promise<TradeoffLine[]> {
  const dataset = data.datasets.find((table) => table.name === name) as Dataset;
  return runTradeoffs({ dataset: name, split }, dataset, setting, { backend: await freshBackend() });
}

/** What a task came to. Errors lose their class on the way between threads, so a known one is sent as its text. */
export type Outcome<Value> = { readonly value: Value } | { readonly error: string };

async function settled<Value>(work: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof ComputeError || error instanceof InputError) return { error: error.message };
    throw error;
  }
}

const onProgress = (progress: Progress): void => parentPort?.postMessage(progress);

/** A generator of a whole table's minority. */
async function fitted({ method, seed, options, outline }: FitTask) {
  const dataset = data.datasets[0] as Dataset;
  const { constraints } = dataset;
  const generator = methodOf(method).generator as Generator;
  const streams = methodStreams(seed, method);
  const run = { backend: await freshBackend(), onProgress };
  const sampler = await generator.fit(dataset, streams.fit, run, options);
  const model = outline ? { bytes: saveModel(sampler, dataset, { seed, outline, constraints }), holds: sampler.holds } : null;
  const facts: Fitted = { warnings: sampler.warnings ?? [], steps: sampler.history.steps.at(-1) ?? 0, model };
  return { sampler, run, stream: streams.sample, facts };
}

/** The model of a whole table. */
export const learn = (task: FitTask): Promise<Outcome<Fitted>> => settled(async () => (await fitted(task)).facts);

/** Synthetic minority rows of a whole table. */
export function draw({ rows, ...task }: DrawTask): Promise<Outcome<Drawn>> {
  return settled(async () => {
    const { sampler, run, stream, facts } = await fitted(task);
    const held = holdingSampler(sampler, data.datasets[0] as Dataset);
    const sample = (count: number, own: Stream) => held.sampler.sample(count, own, run);
    const table = task.balance ? await drawBalanced(sample, task.balance, stream) : await sample(rows, stream);
    return { ...facts, table, acceptance: held.acceptance() };
  });
}

/** A classifier of a whole table: its probabilities of the positive class for other rows, and its file. */
export function predict({ classifier, test, seed, outline, warnings }: PredictTask): Promise<Outcome<Predicted>> {
  return settled(async () => {
    const dataset = data.datasets[0] as Dataset;
    const { features, y } = dataset;
    const stream = classifierStream(seed, classifier);
    const encoder = fitFeatures(features);
    const fitted = await classifierOf(classifier).fit(encoder.features(features), y, stream, { backend: await freshBackend() });
    const stored = outline && storedClassifier(classifier, fitted, encoder);
    const model = stored ? { bytes: saveClassifier(stored, dataset, { seed, warnings, outline }), holds: stored.holds } : null;
    return { probability: test && (await fitted.predict(encoder.features(test))), model };
  });
}

/** What is said about a synthetic table. */
export const audit = ({ parts, sensitive, seed }: AuditTask): Promise<Outcome<Audit>> =>
  settled(async () => runAudit(parts, { seed, sensitive, onProgress }, await freshBackend()));
