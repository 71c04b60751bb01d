/** A web worker: one job, its steps and its outcome. */

import { type CellOutcome, type CellSetting, checkSplits, failedLines, groupKey, newShared, runCell } from '../ts/experiment.js';
import {
  augment,
  CancelledError,
  ComputeError,
  csvPieces,
  InputError,
  type Progress,
  rowsForRatio,
  type Table,
  type TableDataset,
  toDataset,
  VERSION,
  wasmBackend,
} from '../ts/index.js';
import type { Answer, CellKey, Job, Plan, Roles, Step } from './messages.js';
import { checkSource, readSource } from './table-facts.js';

const tell = (answer: Answer): void => postMessage(answer);

/** Steps at most every so many milliseconds, so that drawing them does not slow the page. */
const STEP_MS = 100;

function stepper(): (step: Step) => void {
  let last = 0;
  return (step) => {
    const now = performance.now();
    if (now - last < STEP_MS && step.share < 1) return;
    last = now;
    tell({ kind: 'step', step });
  };
}

function datasetOf(table: Table, name: string, { target, positive, group, exclude }: Roles): TableDataset {
  return toDataset(table.data, { name, target, positive, group: group ?? undefined, exclude });
}

const sharesOf = (done: number, of: number, within: number): number => (done + within) / of;
const within = ({ done, total }: Progress): number => (total > 0 ? done / total : 0);

/** Runs cells one after the other; each outcome is told as it comes. */
async function runCells(
  data: TableDataset,
  cells: readonly CellKey[],
  setting: CellSetting,
  onProgress: (cell: number, progress: Progress) => void,
  onOutcome: (cell: CellKey, outcome: CellOutcome) => void,
): Promise<void> {
  const first = await wasmBackend();
  let group = { key: '', shared: newShared() };
  for (const [at, cell] of cells.entries()) {
    const key = groupKey(cell);
    if (key !== group.key) group = { key, shared: newShared() };
    let outcome: CellOutcome;
    try {
      const backend = await first.fork();
      outcome = await runCell(cell, data, setting, { backend, shared: group.shared, onTraining: (progress) => onProgress(at, progress) });
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      outcome = { lines: failedLines(cell, setting, error) as never, portrait: null };
    }
    onOutcome(cell, outcome);
  }
}

/** Makes the rows from all patients, then judges the method on patients that are held out. */
async function balance({ source, roles, plan }: Extract<Job, { kind: 'balance' }>): Promise<void> {
  const { table } = await readSource(source);
  const data = datasetOf(table, source.name, roles);
  checkSplits(data, source.file, plan.seed, plan.splits);
  checkRatio(data, plan.ratio);
  const setting: CellSetting = {
    seed: plan.seed,
    classifiers: plan.classifiers,
    tuned: false,
    version: VERSION,
    portrayedRatio: plan.ratio,
  };
  const cells = cellsOf(source.name, plan);
  const step = stepper();
  const parts = cells.length + 1;
  const { method, ratio, seed } = plan;
  const made = await augment(table, {
    ...{ ...roles, group: roles.group ?? undefined, method, ratio, seed },
    onProgress: (progress) => step({ doing: 'Learning from all rows', share: sharesOf(0, parts, within(progress)), ...lossOf(progress) }),
  });
  const outcomes: CellOutcome[] = [];
  await runCells(
    data,
    cells,
    setting,
    (cell, progress) =>
      step({ doing: doing(cells[cell] as CellKey, plan), share: sharesOf(1 + cell, parts, within(progress)), ...lossOf(progress) }),
    (cell, outcome) => {
      outcomes.push(outcome);
      tell({ kind: 'outcome', cell, outcome });
      step({ doing: doing(cell, plan), share: (1 + outcomes.length) / parts });
    },
  );
  const { added, warnings } = made;
  const model = { bytes: made.model.save(), holds: made.model.holds() };
  tell({ kind: 'balanced', balanced: { csv: new Blob([...csvPieces(made.table.data)]), model, added, warnings, outcomes } });
}

/** Told before anything is computed. */
function checkRatio({ y, target }: TableDataset, ratio: number): void {
  const positives = y.reduce((sum, label) => sum + label, 0);
  const negatives = y.length - positives;
  if (rowsForRatio(negatives, positives, ratio) > 0) return;
  const there = `${positives} rows with ${target.column} = ${target.positive} to ${negatives} others`;
  throw new InputError(`${there} are as many as that or more already; choose a larger share of rare patients`);
}

const lossOf = ({ loss }: Progress): { loss?: number } => (loss === undefined ? {} : { loss });

const cellsOf = (dataset: string, { method, ratio, splits }: Plan): CellKey[] =>
  Array.from({ length: splits }, (_, split) => ['none', method].map((name) => ({ dataset, split, method: name, ratio }))).flat();

const doing = ({ method, split }: CellKey, { splits }: Plan): string =>
  `${method === 'none' ? 'Without' : 'With'} synthetic patients, split ${split + 1} of ${splits}`;

const models = () => import('./models.js');

async function work(job: Job): Promise<void> {
  switch (job.kind) {
    case 'read':
      tell({ kind: 'facts', facts: (await readSource(job.source)).facts });
      break;
    case 'check':
      tell({ kind: 'checked', checked: await checkSource(job.source, job.roles) });
      break;
    case 'open':
      tell({ kind: 'model', facts: await (await models()).modelFacts(job.model) });
      break;
    case 'draw':
      await (await models()).drawRows(job.model, job.plan, tell);
      break;
    case 'predict':
      await (await models()).predictRows(job.model, job.source, tell);
      break;
    case 'bench':
      await (await import('./measure.js')).measure(job.plan, tell);
      break;
    case 'balance':
      await balance(job);
      break;
    case 'cells': {
      const { table } = await readSource(job.source);
      await runCells(
        datasetOf(table, job.source.name, job.roles),
        job.cells,
        job.setting,
        () => {},
        (cell, outcome) => tell({ kind: 'outcome', cell, outcome }),
      );
      break;
    }
  }
  tell({ kind: 'done' });
}

addEventListener('message', async ({ data }: MessageEvent<Job>) => {
  try {
    await work(data);
  } catch (error) {
    const known = error instanceof InputError || error instanceof ComputeError || error instanceof CancelledError;
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error), known });
  }
});
