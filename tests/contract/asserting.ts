/** The debug build of the core: the same sources with bounds and contracts asserted, and canaries between blocks of memory. */
import { readFileSync } from 'node:fs';
import type { Backend } from '../../ts/backend/backend.js';
import { wasmBackend } from '../../ts/backend/select.js';

export const assertingBackend = (): Promise<Backend> =>
  wasmBackend('debug', readFileSync(new URL('../../build/debug.wasm', import.meta.url)));
