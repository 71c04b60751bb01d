/**
 * What `npm run bench` measures, in order. An item gives lines; the first carries the item's own name, the others begin with it.
 *
 * What is measured lies in ts/bench/work-*.ts as functions that prepare a `Work`: `run()` does it once, `amount` says how much that is
 * (floating-point operations, steps, rows), `check()` gives a number that other systems reach as well. They take the backend and the
 * inputs; the seeded inputs are those of ts/bench/inputs.ts and cohort.ts. Whoever measures another system beside ours prepares the
 * same work and lets the two take turns: `const work = await trainingStep(await wasmBackend(), 256); work.run()`.
 *
 * To add an item: export a `BenchItem` from a file beside this one and list it here; `relaxed: true` runs it once more on the relaxed
 * core, in a process of its own where this engine needs a flag for that.
 */

import { exp, normals } from '../ts/bench/elementwise.js';
import type { BenchItem } from '../ts/bench/line.js';
import { gemm256, gemm4096, gemmBackward } from '../ts/bench/products.js';
import { roofline } from '../ts/bench/roofline.js';
import { accuracy } from './accuracy.js';
import { sampleJob, sampleStep, tabddpmStep, train256, train4096 } from './diffusion.js';
import { bundle, coldStart, memoryRead, memoryStudy, memoryTrain } from './footprint.js';
import { gpuItems } from './gpu.js';
import { pageRead } from './page.js';
import { mmd, smote } from './rows.js';
import { boostScale } from './scale.js';
import { boost30k, boost300k, forest30k, predict } from './trees.js';
import { workers } from './workers.js';

export const items: readonly BenchItem[] = [
  gemm256,
  gemm4096,
  gemmBackward,
  exp,
  normals,
  train256,
  train4096,
  tabddpmStep,
  sampleStep,
  sampleJob,
  boost30k,
  boost300k,
  boostScale,
  forest30k,
  predict,
  mmd,
  smote,
  bundle,
  coldStart,
  memoryTrain,
  memoryStudy,
  memoryRead,
  pageRead,
  workers,
  ...gpuItems,
  roofline,
  accuracy,
];
