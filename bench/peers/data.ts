/** The data of the items, seeded, as raw little-endian float32, uint32 or uint8 files that every system can read. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wasmBackend } from '../../ts/backend/select.js';
import { cohort } from '../../ts/bench/cohort.js';
import { fitEncoder } from '../../ts/encode/encoder.js';
import { fitDiffusion } from '../../ts/generate/diffusion-model.js';
import { DIFFUSION_DEFAULTS } from '../../ts/generate/diffusion-options.js';
import { samplingTimes } from '../../ts/generate/diffusion-sampling.js';
import { trainingSteps } from '../../ts/generate/tabddpm.js';
import { type DenoiserShape, initialWeights } from '../../ts/nn/denoiser.js';
import { Stream } from '../../ts/random.js';
import { readCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { rowsWhere, takeRows } from '../../ts/table/table.js';
import { WORK } from './work.js';

export const NETWORK: DenoiserShape = { ...WORK.network, labels: 0, activation: 'relu' };

type Array32 = Float32Array | Uint32Array | Uint8Array;
type Write = (name: string, values: Array32) => void;

const root = Stream.fromSeed(5);

/** `count` standard normal numbers. */
async function normals(label: string, count: number): Promise<Float32Array> {
  const backend = await wasmBackend();
  const drawn = backend.matrix(1, count);
  backend.random.normal(drawn, root.child(label));
  return backend.read(drawn);
}

/** Inputs, targets and times of the training steps, and the weights from which all systems start. */
async function training(write: Write): Promise<void> {
  const { rows } = WORK.train;
  const { width, timesteps } = WORK.network;
  const times = root.child('times');
  write('train.input.f32', await normals('input', rows * width));
  write('train.target.f32', await normals('target', rows * width));
  write(
    'train.times.u32',
    Uint32Array.from({ length: rows }, () => times.below(timesteps)),
  );
  await network(write);
}

async function network(write: Write): Promise<void> {
  write('weights.f32', await initialWeights(await wasmBackend(), NETWORK, root.child('weights')));
}

/** Numbers that depend on each other, and codes of the category columns that depend on them. */
async function mixedTable(write: Write): Promise<void> {
  const { rows, numeric, levels } = WORK.tabddpm;
  const x = await normals('table', rows * numeric);
  for (let i = 0; i < x.length; i++) if (i % numeric > 0) x[i] = 0.6 * (x[i - 1] as number) + 0.8 * (x[i] as number);
  const noise = await normals('codes', rows * levels.length);
  const codes = Uint8Array.from({ length: rows * levels.length }, (_, i) => {
    const [row, column] = [Math.floor(i / levels.length), i % levels.length];
    const share = 0.5 + 0.25 * ((x[row * numeric + column] as number) + (noise[i] as number) / 2);
    const most = (levels[column] as number) - 1;
    return Math.max(0, Math.min(most, Math.floor(share * (most + 1))));
  });
  write('table.x.f32', x);
  write('table.codes.u8', codes);
}

/**
 * Coefficients of reverse steps: x' = a·clip(b·x + c·output) + d·x + e·noise; (steps, 5), and the times (steps). The prediction is v.
 */
async function reverseSteps(write: Write, name: string, samplingSteps: number): Promise<void> {
  const { diffusion } = await wasmBackend();
  const { timesteps } = WORK.network;
  const layout = { numeric: WORK.network.width, levels: [] };
  const chain = diffusion.process({ layout, steps: timesteps, schedule: 'cosine', prediction: 'v', oneHotFloor: 1e-2, clip: 0 });
  const times = samplingTimes({ timesteps, samplingSteps, sampler: 'ddpm' });
  const rows = Array.from(times, (t, i) => {
    const { fromX0, toX0, toX0Output, fromX, sigma } = diffusion.coefficients(chain, 'ddpm', t, times[i + 1] ?? -1, 1);
    return [fromX0, toX0, toX0Output, fromX, sigma];
  });
  write(`${name}.times.u32`, times);
  write(`${name}.steps.f32`, Float32Array.from(rows.flat()));
}

/** A model with T = 1000 of a real table: the minority of breast_cancer, encoded, and the weights that were trained on it. */
async function trainedModel(write: Write): Promise<void> {
  const backend = await wasmBackend();
  const bytes = readFileSync(new URL('../../data/breast_cancer.csv', import.meta.url));
  const { features, y } = toDataset(readCsv(bytes, { file: 'breast_cancer.csv' }), { name: 'breast_cancer', target: 'diagnosis' });
  const minority = takeRows(features, rowsWhere(y, 1));
  const encoder = fitEncoder(minority, backend.special);
  const encoded = encoder.encode(minority);
  const { timesteps } = WORK.network;
  const options = { ...DIFFUSION_DEFAULTS, timesteps, labelDropout: 0, steps: trainingSteps(minority.rows) };
  const learnt = { encoded, levels: encoder.levels, labels: null, group: null };
  const { weights } = await fitDiffusion(learnt, options, root.child('job'), { backend });
  write('job.real.f32', encoded.numeric);
  write('job.weights.f32', weights);
  await reverseSteps(write, 'job', timesteps);
}

function cohortFiles(write: Write, name: string, rows: number, seed: number): void {
  const { x, y } = cohort(rows, seed);
  write(`${name}.x.f32`, x);
  write(`${name}.y.u8`, y);
}

const trees30k = (write: Write) => {
  cohortFiles(write, 'train-30k', 30_000, 20240501);
  cohortFiles(write, 'test', 30_000, 20240503);
};

async function twoSamples(write: Write): Promise<void> {
  const { rows, cols } = WORK.mmd;
  write('mmd.x.f32', await normals('x', rows * cols));
  write(
    'mmd.y.f32',
    (await normals('y', rows * cols)).map((value) => 0.1 + 1.1 * value),
  );
}

/** Columns of mean 0 and deviation 1, so that systems which standardise first find the same neighbours. */
async function minorityRows(write: Write): Promise<void> {
  const { minority, cols } = WORK.smote;
  const x = await normals('minority', minority * cols);
  for (let c = 0; c < cols; c++) {
    const column = Float64Array.from({ length: minority }, (_, i) => x[i * cols + c] as number);
    const mean = column.reduce((sum, value) => sum + value, 0) / minority;
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / minority);
    for (const [i, value] of column.entries()) x[i * cols + c] = (value - mean) / deviation;
  }
  write('smote.x.f32', x);
}

async function product(write: Write): Promise<void> {
  const { n, k } = WORK.gemm;
  write('gemm.a.f32', await normals('a', WORK.gemm['gemm-4096'].m * k));
  write('gemm.b.f32', await normals('b', k * n));
}

const WRITERS: readonly (readonly [items: readonly string[], write: (write: Write) => void | Promise<void>])[] = [
  [['train-256', 'train-4096'], training],
  [['tabddpm-step', 'tabddpm-step-mixed'], mixedTable],
  [
    ['sample-step'],
    async (write) => {
      await network(write);
      await reverseSteps(write, 'sample', WORK.sample.steps);
    },
  ],
  [['sample-job'], trainedModel],
  [['boost-30k', 'forest-30k', 'forest-30k-300', 'predict'], trees30k],
  [
    ['boost-300k'],
    (write) => {
      cohortFiles(write, 'train-300k', 300_000, 20240502);
      cohortFiles(write, 'test', 30_000, 20240503);
    },
  ],
  [['mmd'], twoSamples],
  [['smote'], minorityRows],
  [['gemm-256', 'gemm-4096'], product],
];

/** Writes what `items` need into `folder`. */
export async function writeData(folder: string, items: readonly string[]): Promise<void> {
  const write: Write = (name, values) =>
    writeFileSync(join(folder, name), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  writeFileSync(join(folder, 'work.json'), JSON.stringify(WORK));
  for (const [of, writer] of WRITERS) if (of.some((item) => items.includes(item))) await writer(write);
}
