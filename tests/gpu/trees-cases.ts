/** Boosting on real GPUs: kernel by kernel, also on WebGPU; and a whole run on a table of patients, whose AUROC is the core's. */
import * as assert from 'uvu/assert';
import { simd } from '../../build/core.js';
import { gpuBackend } from '../../ts/backend/gpu.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { loadCore } from '../../ts/backend/wasm.js';
import { fitFeatures } from '../../ts/encode/features.js';
import { Stream } from '../../ts/random.js';
import { readCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { unitsOf } from '../backend/cases/cases.js';
import { OPTIONS, roundings } from '../backend/cases/trees.js';
import { sameTrees } from '../ref/ensembles.js';
import type { GpuCase } from './cases.js';
import { dataFile } from './files.js';
import { checkTreeKernels } from './tree-kernels.js';

/** Pairs of a positive and a negative row: the share in which the positive one's margin is larger (ties count half), and of close ones. */
function pairs(margins: Float32Array, y: Uint8Array, close: number): { auroc: number; close: number } {
  let [above, near, all] = [0, 0, 0];
  for (let i = 0; i < y.length; i++) {
    for (let j = 0; j < y.length; j++) {
      if (y[i] === 0 || y[j] === 1) continue;
      const difference = margins[i]! - margins[j]!;
      all++;
      above += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
      if (Math.abs(difference) <= close) near++;
    }
  }
  return { auroc: above / all, close: near / all };
}

export const cases: readonly GpuCase[] = [
  {
    name: 'each kernel gives what it gives as a plain function',
    modes: ['webgl2', 'headlessgl', 'webgpu'],
    async run({ gpu }) {
      const units = { u: 2 ** -23, exp: 35 * 2 ** -23 };
      await checkTreeKernels(gpu, 17, 3, 5, units);
      await checkTreeKernels(gpu, 4, 1, 16, units);
    },
  },
  {
    name: 'breast_cancer: the trees of the core, and its AUROC',
    async run(device) {
      const bytes = await dataFile('breast_cancer.csv');
      const data = toDataset(readCsv(bytes, { file: 'breast_cancer.csv' }), { name: 'breast_cancer', target: 'diagnosis' });
      const { values: x } = fitFeatures(data.features).features(data.features);
      const y = data.y;
      // every other row to train on, the rest to judge
      const cols = x.length / y.length;
      const part = (odd: number) => x.filter((_, i) => Math.floor(i / cols) % 2 === odd);
      const options = { ...OPTIONS, depth: 6, rounds: 10 };
      const [wasm, gpu] = [await wasmBackend('simd', simd), gpuBackend(device, await loadCore(simd, 'simd'))];
      const train = y.filter((_, i) => i % 2 === 0);
      const [want, got] = [
        await wasm.trees.fitBoosting(part(0), train, cols, options, Stream.fromSeed(1)),
        await gpu.trees.fitBoosting(part(0), train, cols, options, Stream.fromSeed(1)),
      ];
      const off = sameTrees(got, want, part(0), options, roundings(unitsOf(gpu)), 'breast_cancer');
      const labels = y.filter((_, i) => i % 2 === 1);
      // a pair can change places only where its margins lie within twice what they may be off
      const judged = pairs(await wasm.trees.predict(want, part(1)), labels, 2 * off);
      const { auroc } = pairs(await gpu.trees.predict(got, part(1)), labels, 0);
      assert.ok(judged.auroc > 0.9, `AUROC ${judged.auroc}`);
      assert.ok(Math.abs(auroc - judged.auroc) <= judged.close, `AUROC ${auroc} for ${judged.auroc} ± ${judged.close}`);
    },
  },
];
