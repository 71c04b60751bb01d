/**
 * Compiles the command line's program once and keeps what V8 made of it: everything that `sample` ran, so that its next start compiles nothing.
 * It draws from a model of a few made-up rows. Usage: node scripts/cli-cache.mjs (in a built checkout)
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stream, saveModel, smallBackend, tabddpm } from '../dist/core.js';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const cache = join(dist, `cli-program.${process.versions.v8}.cache`);
const ROWS = 40;
const number = (name, value) => ({ name, kind: 'numeric', decimals: 2, values: Float64Array.from({ length: ROWS }, (_, i) => value(i)) });
const levels = ['a', 'b', 'c'];
const group = { name: 'group', kind: 'categorical', levels, codes: Int32Array.from({ length: ROWS }, (_, i) => i % 3) };
const columns = [number('x', (i) => (i * 37) % ROWS), number('y', (i) => (i * 11) % 7), group];
const dataset = {
  features: { rows: ROWS, columns },
  y: Uint8Array.from({ length: ROWS }, (_, i) => i % 2),
  target: { column: 'died', positive: 'yes', negative: 'no' },
};
const sampler = await tabddpm.fit(dataset, Stream.fromSeed(1), { backend: await smallBackend() }, { steps: 20, layers: [64, 64] });
const folder = mkdtempSync(join(tmpdir(), 'synthward-'));
process.on('exit', (code) => {
  rmSync(folder, { recursive: true });
  if (code === 0) writeFileSync(cache, start.script.createCachedData());
});
writeFileSync(join(folder, 'model'), saveModel(sampler, dataset));
writeFileSync(cache, ''); // none yet: the start compiles all of it
process.argv = [process.execPath, 'synthward', 'sample', join(folder, 'model'), '--count', '100', '--out', join(folder, 'rows.csv')];
const start = createRequire(import.meta.url)('../dist/cli.cjs');
