/** The table of cases on every build of the core, and on kernels run as plain functions. tests/gpu/backend.test.ts runs it on GPUs. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { suite } from 'uvu';
import { simd } from '../../build/core.js';
import { relaxed } from '../../build/core-relaxed.js';
import type { Backend } from '../../ts/backend/backend.js';
import { composed } from '../../ts/backend/gpu.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { loadCore } from '../../ts/backend/wasm.js';
import { allCases } from './cases/all.js';
import { SIZES, unitsOf } from './cases/cases.js';
import { plainKernels } from './plain-kernels.js';

const test = suite('backend/cases');
setFlagsFromString('--experimental-wasm-relaxed-simd'); // Node 20 has it behind this flag, newer engines without one
const debug = readFileSync(new URL('../../build/debug.wasm', import.meta.url));

const backends: readonly (readonly [string, Backend])[] = [
  ['simd', await wasmBackend('simd', simd)],
  ['relaxed', await wasmBackend('relaxed', relaxed)],
  ['debug', await wasmBackend('debug', debug)],
  ['plain kernels', composed(plainKernels(), await loadCore(simd, 'simd'))],
];

for (const [words, backend] of backends) {
  for (const { op, name, run } of allCases) {
    test(`${words}: ${op}, ${name}`, () => run(backend, unitsOf(backend), SIZES));
  }
}
test.run();
