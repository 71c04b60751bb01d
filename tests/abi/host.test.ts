/** core.wasm under a host that is no JavaScript: a Python program with wasmtime draws the very same rows from a saved model (docs/abi.md). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { drawRows } from '../../ts/generate/diffusion-sampling.js';
import { tabddpmCodec } from '../../ts/generate/tabddpm-codec.js';
import { methodStreams, TabDDPM, Table } from '../../ts/index.js';
import { openOutline } from '../../ts/model.js';
import { readModel } from '../../ts/store/model.js';
import { outlinedFeatures } from '../../ts/table/outline.js';
import { cohortCsv, SMALL } from '../library/cohort.js';
import { has, PYTHON } from '../requirements.js';

const test = suite('core.wasm under another host');
const folder = fileURLToPath(new URL('.', import.meta.url));
const core = fileURLToPath(new URL('../../build/simd.wasm', import.meta.url));

interface Drawn {
  readonly numeric: number[];
  readonly codes: number[];
  readonly table: Record<string, (number | string | null)[]>;
}

function drawnByPython(model: Uint8Array, count: number, seed: number): Drawn {
  const place = mkdtempSync(join(tmpdir(), 'synthward-abi-'));
  try {
    const file = join(place, 'a.model');
    writeFileSync(file, model);
    const args = [join(folder, 'host.py'), core, file, String(count), String(seed)];
    return JSON.parse(execFileSync(PYTHON, args, { encoding: 'utf8', maxBuffer: 1 << 26 }));
  } finally {
    rmSync(place, { recursive: true });
  }
}

const schema = { columns: { ward: { kind: 'ordinal', levels: ['a', 'b', 'c'] } } } as const;
const tables = {
  'numbers, levels and missing cells': Table.fromCsv(cohortCsv(160, 40), { name: 'cohort' }),
  'an ordinal column': Table.fromCsv(cohortCsv(90, 30), { name: 'ordered', schema }),
};
/** Networks that are folded and not, and every sampler; seeds of more than 32 bits. */
const cases: readonly (readonly [what: string, options: object, seed: number])[] = [
  ['dpm++', { ...SMALL }, 3],
  [
    'ddpm, 16 steps, a network without hidden layers',
    { ...SMALL, timesteps: 40, sampler: 'ddpm', samplingSteps: 16, layers: [] },
    2 ** 40 + 5,
  ],
  ['ddim, wide first layer, in single precision', { ...SMALL, sampler: 'ddim', layers: [64, 32], hidden: 8, precision: 'F32' }, 0],
];

if (has('python:wasmtime')) {
  for (const [name, table] of Object.entries(tables)) {
    for (const [what, options, seed] of cases) {
      test(`${name}; ${what}`, async () => {
        const model = await TabDDPM.fit(table, { target: 'died', exclude: ['id', 'note'], ...options });
        const bytes = model.save();
        const count = 37;
        const python = drawnByPython(bytes, count, seed);

        const backend = await wasmBackend();
        const read = readModel(bytes);
        const opened = tabddpmCodec.open(read, { special: backend.special, features: outlinedFeatures(openOutline(read)) });
        const stream = methodStreams(seed, 'tabddpm').sample;
        const drawn = await drawRows(opened.diffusion, opened.options, { label: null, guidance: 0 }, count, stream, { backend });
        assert.equal(python.codes, [...drawn.codes]);
        assert.equal(python.numeric, [...drawn.numeric], 'every bit of the numbers');

        const rows = await model.sample(count, { seed });
        for (const [column, values] of Object.entries(python.table)) {
          const own = Array.from<number | string, number | string | null>(rows.column(column), (cell) =>
            cell === '' || Number.isNaN(cell) ? null : cell,
          );
          assert.equal(values, own, column);
        }
        assert.equal(Object.keys(python.table), ['age', 'lactate', 'ward']);
      });
    }
  }
}

test('the bare core has no imports, and exports what docs/abi.md lists', async () => {
  const { readFileSync } = await import('node:fs');
  const module = new WebAssembly.Module(readFileSync(core));
  assert.equal(WebAssembly.Module.imports(module), []);
  const exported = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  const text = readFileSync(fileURLToPath(new URL('../../docs/abi.md', import.meta.url)), 'utf8');
  const listed = [...text.matchAll(/^\| `(\w+)\(/gm)].map((match) => match[1] as string);
  assert.ok(listed.length > 20, `${listed.length}`);
  assert.equal(
    listed.filter((name) => !exported.has(name)),
    [],
  );
});

test.run();
