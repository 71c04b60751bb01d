/** A study from its plan to its report: grid → pool → results → summary → report, continued where an earlier run stopped. */
import { dirname, join, relative, resolve } from 'node:path';
import { wasmBackend } from '../backend/select.js';
import { CancelledError } from '../errors.js';
import type { Cell } from '../study/cell.js';
import { checkSplits } from '../study/check.js';
import { cellCost, cellKey, finishedCells, listCells } from '../study/grid.js';
import { isFailed, orderOf, settle } from '../study/groups.js';
import type { DatasetFacts, Manifest, StudyPlan, StudyScope } from '../study/manifest.js';
import type { FailedLine } from '../study/result.js';
import { splitOf } from '../study/splits.js';
import { summarise } from '../study/summarise.js';
import type { Summary } from '../study/summary.js';
import { VERSION } from '../version.js';
import { type Compute, type ComputeRequest, settleCompute } from './compute.js';
import type { StudyTable } from './datasets.js';
import { checkWritable, makeFolder, writeWhole } from './files.js';
import { takeLock } from './lock.js';
import { checkSamePlan, newManifest, readManifest, writeManifest } from './manifest.js';
import { runCells } from './pool.js';
import { openPortraits, type PortraitStore } from './portraits.js';
import type { ProgressPlan, StudyProgress } from './progress.js';
import { openResults, type ResultStore } from './results.js';
import { measureTradeoffs, readTradeoffs } from './tradeoffs.js';

/** A study, and where it goes. */
export interface StudyRequest extends StudyScope, ComputeRequest {
  readonly preset: string;
  readonly tables: readonly StudyTable[];
  readonly seed: number;
  readonly workers: number;
  readonly out: string;
  readonly splitsOut?: string | undefined;
  /** Makes what shows the progress. */
  readonly progress?: ((plan: ProgressPlan) => StudyProgress) | undefined;
  /** The module that workers run; the study's own where left out. */
  readonly worker?: string | undefined;
}

/** What came of {@link runStudy}. */
export interface StudyOutcome {
  readonly manifest: Manifest;
  readonly summary: Summary;
  readonly failed: readonly FailedLine[];
  readonly report: string;
}

/** What grows while cells end. */
interface Stores {
  readonly results: ResultStore;
  readonly portraits: PortraitStore;
}

/**
 * Runs what is not done yet and writes results, portraits, trade-offs, manifest, summary and report to the request's folder.
 *
 * @throws {InputError} for a folder of another study, or one that cannot be written.
 * @throws {CancelledError} when `signal` was aborted; what was done is kept.
 */
export async function runStudy(request: StudyRequest): Promise<StudyOutcome> {
  for (const { dataset, facts } of request.tables) checkSplits(dataset, facts.file, request.seed, request.splits);
  const { splitsOut } = request;
  const beside = splitsOut !== undefined && holds(dirname(splitsOut), request.out);
  if (splitsOut && !beside) checkWritable(splitsOut);
  const compute = await settleCompute(asBefore(request), {
    ...request,
    datasets: request.tables.map(({ dataset }) => dataset),
    fidelity: true,
  });
  const plan = planOf(request, compute);
  makeFolder(request.out);
  if (splitsOut && beside) checkWritable(splitsOut);
  const unlock = takeLock(request.out);
  try {
    const found = readManifest(request.out);
    if (found) checkSamePlan(request.out, found, plan);
    const results = openResults(request.out, plan.classifiers);
    const portraits = openPortraits(request.out, results.lines);
    try {
      if (splitsOut) writeWhole(splitsOut, splitsText(request.tables, plan));
      const stores = { results, portraits };
      const manifest = await withTradeoffs(request, compute, await runPlan(plan, request, compute, found, stores));
      return await conclude(request.out, manifest, stores);
    } finally {
      results.close();
      portraits.close();
    }
  } finally {
    unlock();
  }
}

/** Whether `folder` is `other` or lies above it, and so is there once `other` has been made. */
const holds = (folder: string, other: string): boolean => !relative(resolve(folder), resolve(other)).startsWith('..');

/** A folder goes on as it began: `auto` does not choose again. */
function asBefore(request: StudyRequest): ComputeRequest {
  const before = request.backend === 'auto' ? readManifest(request.out)?.backend : undefined;
  return before === 'wasm' || before === 'gpu' ? { ...request, backend: before } : request;
}

const planOf = (request: StudyRequest, compute: Compute): StudyPlan => ({
  version: VERSION,
  seed: request.seed,
  backend: compute.name,
  variant: compute.variant,
  device: compute.device,
  datasets: request.tables.map(({ facts }) => facts),
  methods: request.methods,
  classifiers: request.classifiers,
  splits: request.splits,
  ratios: request.ratios,
  tuned: request.tuned,
  tradeoffs: request.tradeoffs,
});

/** Runs the cells that are left; the manifest follows each of them, so that it is right whenever the run ends. */
async function runPlan(
  plan: StudyPlan,
  request: StudyRequest,
  compute: Compute,
  found: Manifest | null,
  stores: Stores,
): Promise<Manifest> {
  const all = listCells(plan);
  const finished = finishedCells(stores.results.lines, plan.classifiers);
  const cells = all.filter((cell) => !finished.has(cellKey(cell)));
  const workers = Math.max(1, Math.min(request.workers, all.length));
  const before = found ?? { ...newManifest(plan, request.preset, workers, all.length), placement: compute.placement };
  const started = performance.now();
  let failed = 0;
  let done = all.length - cells.length;
  const keep = (end: Date | null): Manifest => {
    const { user, system } = process.cpuUsage();
    const manifest: Manifest = {
      ...before,
      tradeoffs: plan.tradeoffs,
      workers,
      finished: end?.toISOString() ?? null,
      wall_s: before.wall_s + (performance.now() - started) / 1000,
      cpu_s: before.cpu_s + (user + system) / 1e6,
      cells: { total: all.length, done, failed },
    };
    writeManifest(request.out, manifest);
    return manifest;
  };
  if (cells.length === 0 && before.finished) return before;
  keep(null);
  const facts = new Map(plan.datasets.map((table) => [table.name, table]));
  const cost = ({ dataset, method }: Cell) => cellCost(method, facts.get(dataset) as DatasetFacts);
  const progress = request.progress?.({ cells, finished: done, workers, cost });
  try {
    const setting = {
      seed: plan.seed,
      classifiers: plan.classifiers,
      tuned: plan.tuned,
      version: plan.version,
      portrayedRatio: plan.ratios[0],
    };
    const datasets = request.tables.map(({ dataset }) => dataset);
    await runCells(
      cells,
      { datasets, setting, backend: compute.name, variant: compute.variant },
      {
        workers,
        signal: request.signal,
        worker: request.worker,
        onStart: (cell) => progress?.start(cell),
        onCell: (cell, { lines, portrait }, seconds) => {
          if (portrait) stores.portraits.append([portrait]);
          stores.results.append(lines);
          const error = lines.find(isFailed)?.error ?? null;
          if (error === null) done++;
          else failed++;
          keep(null);
          progress?.done(cell, seconds, error);
        },
      },
    );
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    keep(null);
    throw new CancelledError(`cancelled; ${done} of ${all.length} cells are kept in ${request.out}; the same command goes on from there`);
  } finally {
    progress?.stop();
  }
  return keep(new Date());
}

/** Trade-offs need no result of the grid; they come after it, so that the results are there first. */
async function withTradeoffs(request: StudyRequest, compute: Compute, manifest: Manifest): Promise<Manifest> {
  if (!request.tradeoffs) return manifest;
  const { out: folder, tables, workers, signal, progress, worker } = request;
  const datasets = tables.map(({ dataset }) => dataset);
  return measureTradeoffs({ folder, datasets, compute, workers, signal, progress, worker }, { ...manifest, tradeoffs: true });
}

async function conclude(folder: string, manifest: Manifest, { results, portraits }: Stores): Promise<StudyOutcome> {
  const lines = settle(results.lines, orderOf(results.lines, manifest)); // the order of completion must not show
  const { special } = await wasmBackend();
  const summary = summarise(lines, manifest, special, portraits.lines, readTradeoffs(folder));
  writeWhole(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  const figures = join(folder, 'figures');
  makeFolder(figures);
  // Loaded only now: with what draws it, the report takes 50 MB and half a second that no other part of the program needs.
  const [{ extracts }, { renderReport }, { newDocument }] = await Promise.all([
    import('../report/gallery.js'),
    import('../report/report.js'),
    import('./document.js'),
  ]);
  for (const { name, text } of extracts(summary, newDocument())) writeWhole(join(figures, name), text);
  const report = join(folder, 'report.html');
  writeWhole(report, renderReport(summary, lines, manifest, newDocument(), portraits.lines));
  return { manifest, summary, failed: lines.filter(isFailed), report };
}

/** Row indices of the file (0-based, header not counted) of every split, so that other systems can run on the very same ones. */
function splitsText(tables: readonly StudyTable[], plan: StudyPlan): string {
  const splitsOf = ({ dataset }: StudyTable) =>
    Array.from({ length: plan.splits }, (_, index) => {
      const { train, test } = splitOf(dataset, plan.seed, index);
      const inFile = (rows: Uint32Array) => Array.from(rows, (row) => dataset.rows?.[row] ?? row);
      return { split: index, train: inFile(train), test: inFile(test) };
    });
  return `${JSON.stringify(Object.fromEntries(tables.map((table) => [table.dataset.name, splitsOf(table)])))}\n`;
}
