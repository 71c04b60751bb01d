/**
 * What an owner of a device wants to know of it: the kernels beside the machine's own limits, and how fast the work goes. Runs in a
 * browser as well. Figures of other systems have no place here: they are of other machines.
 */
import type { Backend } from '../backend/backend.js';
import { wasmBackend } from '../backend/select.js';
import { boosting } from '../classify/boosting.js';
import { forest } from '../classify/forest.js';
import { cohort } from './cohort.js';
import { exp, normals as normalNumbers } from './elementwise.js';
import { normals } from './inputs.js';
import { type BenchItem, type BenchSetting, line } from './line.js';
import { gemm256, gemm4096, gemmBackward } from './products.js';
import { bestOfEach } from './timer.js';
import type { Work } from './work.js';
import { LEVELS, samplingJob, samplingStep, tabddpmSteps } from './work-diffusion.js';
import { trainingStep } from './work-network.js';
import { smoteRows, unbiasedMmd } from './work-rows.js';
import { fitting, labelled, predicting } from './work-trees.js';

type Prepared = Readonly<Record<string, Work>>;

/** An item of works that are timed in turns: rates of their amounts, or seconds. */
function workItem(name: string, unit: string, prepare: (backend: Backend) => Prepared | Promise<Prepared>, repeats: number): BenchItem {
  return {
    name,
    run: async (setting) => {
      const works = await prepare(await wasmBackend(setting.variant));
      const bodies = Object.fromEntries(Object.entries(works).map(([item, { run }]) => [item, run]));
      const seconds = await bestOfEach(bodies, setting, repeats);
      return Object.entries(works).map(([item, { amount }]) => {
        const taken = seconds[item] as number;
        return line(item, unit === 's' ? taken : amount / taken, unit);
      });
    },
  };
}

const training: readonly BenchItem[] = [
  workItem('train-256', 'steps/s', async (backend) => ({ 'train-256': await trainingStep(backend, 256) }), 15),
  workItem('train-4096', 'steps/s', async (backend) => ({ 'train-4096': await trainingStep(backend, 4096) }), 5),
  workItem(
    'tabddpm-step',
    'steps/s',
    (backend) => ({
      'tabddpm-step': tabddpmSteps(backend, [], 20),
      'tabddpm-step, five category columns': tabddpmSteps(backend, LEVELS, 20),
    }),
    3,
  ),
];

/** Rows that a sampling item draws, and the numbers of steps that it is told for; the first are the item's own. */
const ROWS = 1024;
const STEPS = [20, 10, 50, 100];

const sampling: readonly BenchItem[] = [
  workItem('sample-step', 'rows/s/step', async (backend) => ({ 'sample-step': await samplingStep(backend, ROWS) }), 10),
  workItem(
    'sample-job',
    'rows/s',
    async (backend) => {
      const jobs = await Promise.all(STEPS.map((steps) => samplingJob(backend, ROWS, steps)));
      return Object.fromEntries(STEPS.map((steps, i) => [i === 0 ? 'sample-job' : `sample-job, ${steps} steps`, jobs[i] as Work]));
    },
    3,
  ),
];

const COHORT = 10_000;
const trees: readonly BenchItem[] = [
  workItem('boost-10k', 's', (backend) => ({ 'boost-10k': fitting(backend, boosting, labelled(cohort(COHORT))) }), 3),
  workItem('forest-10k', 's', (backend) => ({ 'forest-10k': fitting(backend, forest, labelled(cohort(COHORT))) }), 3),
  workItem(
    'predict',
    'rows/s',
    async (backend) => {
      const table = labelled(cohort(COHORT));
      return {
        predict: await predicting(backend, boosting, table, table),
        'predict, forest': await predicting(backend, forest, table, table),
      };
    },
    5,
  ),
];

const [POINTS, WIDTH, MINORITY] = [2000, 30, 1500];
const rows: readonly BenchItem[] = [
  workItem(
    'mmd',
    's',
    async (backend) => {
      const [x, y] = [await normals(backend, 'x', POINTS * WIDTH), await normals(backend, 'y', POINTS * WIDTH)];
      return { mmd: unbiasedMmd(backend, backend.matrix(POINTS, WIDTH, x), backend.matrix(POINTS, WIDTH, y), 1 / WIDTH) };
    },
    5,
  ),
  workItem(
    'smote',
    'rows/s',
    async (backend) => ({ smote: smoteRows(backend, await normals(backend, 'minority', MINORITY * WIDTH), WIDTH, 30_000) }),
    5,
  ),
];

const core: BenchItem = {
  name: 'core',
  run: async (setting: BenchSetting) => {
    const { start } = await bestOfEach({ start: () => wasmBackend(setting.variant) }, setting, 10);
    const backend = await wasmBackend(setting.variant);
    await tabddpmSteps(backend, LEVELS, 1).run();
    return [line('core', start * 1000, 'ms to start'), line('core, memory of a training', backend.memoryBytes() / 1e6, 'MB')];
  },
};

export const deviceItems: readonly BenchItem[] = [
  gemm256,
  gemm4096,
  gemmBackward,
  exp,
  normalNumbers,
  ...training,
  ...sampling,
  ...trees,
  ...rows,
  core,
];
