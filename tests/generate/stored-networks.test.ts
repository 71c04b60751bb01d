/** CTGAN and TVAE in files: tables of every kind, what the file tells, and files that hold no such network. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { InputError } from '../../ts/errors.js';
import { ctgan } from '../../ts/generate/ctgan.js';
import type { Generator } from '../../ts/generate/generator.js';
import { tabddpm } from '../../ts/generate/tabddpm.js';
import { tvae } from '../../ts/generate/tvae.js';
import { openModel, saveModel } from '../../ts/model.js';
import { Stream } from '../../ts/random.js';
import { readModel } from '../../ts/store/model.js';
import { readSafetensors, type Tensor, writeSafetensors } from '../../ts/store/safetensors.js';
import { type Dataset, takeRows } from '../../ts/table/table.js';
import { tableBytes } from '../contract/fingerprint.js';
import { FIXTURES, mixed } from '../contract/fixtures.js';
import { withArray } from '../contract/made-files.js';
import { rejection } from '../contract/rejection.js';

const test = suite('ctgan and tvae in files');
const backend = await wasmBackend();
const run = { backend };
const methods: [Generator, object][] = [
  [ctgan, { steps: 20, generator: [16, 12], critic: [16], latent: 8 }],
  [tvae, { steps: 40, encoder: [16], decoder: [16, 12], latent: 8 }],
];
const LABELS = ['minority', 'conditional'] as const;
const train = mixed({ rows: 60, positives: 30 });

const fileOf = async (method: Generator, options: object, labels: (typeof LABELS)[number] = 'minority', data = train) =>
  saveModel(await method.fit(data, Stream.fromSeed(1), run, { ...options, labels }), data);

const refusal = async (file: Uint8Array): Promise<string> => {
  const error = await rejection(openModel(file, backend, 'a.model'));
  assert.instance(error, InputError);
  return error.message;
};

/** Every cell of the same rows. */
const constant = (data: Dataset): Dataset => ({ ...data, features: takeRows(data.features, new Uint32Array(data.features.rows)) });

for (const [method, options] of methods) {
  test(`${method.name}: the very same rows of tables of every kind, with and without the class`, async () => {
    const tables = Object.values(FIXTURES).map((make) => make({ rows: 60, positives: 30 }));
    for (const data of [...tables, constant(train)]) {
      for (const labels of LABELS) {
        const sampler = await method.fit(data, Stream.fromSeed(1), run, { ...options, labels });
        const bytes = saveModel(sampler, data);
        const opened = await openModel(bytes, backend);
        const [own, again] = [sampler, opened.sampler].map((from) => from.sample(40, Stream.fromSeed(2), run));
        assert.is(tableBytes((await again)!), tableBytes((await own)!), `${data.name}, ${labels}`);
        assert.is(opened.sampler.modelBytes, sampler.modelBytes);
        const { history } = opened.sampler;
        assert.equal(saveModel(opened.sampler, data), saveModel({ ...sampler, history, warnings: [] }, data), 'the same file again');
      }
    }
  });

  test(`${method.name}: columns apart from each other are all that the file has of patients`, async () => {
    const bytes = await fileOf(method, options);
    const { state, holds } = readModel(bytes);
    assert.match(holds, /no patient’s row/);
    const parts = method === ctgan ? ['counts', 'encoder', 'joint', 'network'] : ['encoder', 'network'];
    assert.equal(Object.keys(state.value as object).sort(), parts);
    const names = [...readSafetensors(bytes, 'a.model').tensors.keys()];
    const known = /^encoder\.knots$|\.[wb]$|\.(gamma|beta|mean|variance)$|^sigma$/;
    assert.ok(
      names.every((name) => known.test(name)),
      `${names}`,
    );
  });

  test(`${method.name}: weights that are none are refused by name`, async () => {
    const bytes = await fileOf(method, options);
    const set = (at: number, value: number) => (values: Tensor['values']) => {
      values[at] = value;
      return values;
    };
    const shorter = (values: Tensor['values']) => values.slice(0, -1);
    const { tensors } = readSafetensors(bytes, 'a.model');
    const weights = [...tensors].filter(([, { dtype }]) => dtype === 'F32').map(([name]) => name);
    assert.ok(weights.length >= 5);
    for (const name of weights) {
      const quoted = `the array "${name.replaceAll('.', '\\.')}"`;
      for (const wrong of [Number.NaN, Infinity]) {
        const where = new RegExp(`^"a\\.model: state" expected numbers in ${quoted}, got ${wrong}$`);
        assert.match(await refusal(withArray(bytes, name, set(0, wrong))), where);
      }
      assert.match(await refusal(withArray(bytes, name, shorter)), new RegExp(`${quoted} expected \\d+ numbers, got \\d+`));
    }
    assert.match(await refusal(withArray(bytes, 'encoder.knots', set(0, Number.NaN))), /knots" expected ascending numbers/);
    if (method !== ctgan) return;
    const negative = withArray(bytes, 'generator.l2.variance', set(1, -1));
    assert.match(await refusal(negative), /expected variances of at least 0 in the array "generator\.l2\.variance", got -1$/);
  });

  test(`${method.name}: a state that is none is refused by name`, async () => {
    const bytes = await fileOf(method, options, 'conditional');
    const { metadata, tensors } = readSafetensors(bytes, 'a.model');
    const { crc32: _, ...texts } = Object.fromEntries(metadata);
    /** What is said of the file with something else at a place of its state or options. */
    const says = (part: 'state' | 'options', path: string, change: (value: never) => unknown): Promise<string> => {
      const json = JSON.parse(texts[part]!);
      const names = path.split('.');
      const last = names.pop()!;
      const parent = names.reduce((node, name) => node[name], json);
      parent[last] = change(parent[last] as never);
      return refusal(writeSafetensors({ ...texts, [part]: JSON.stringify(json) }, Object.fromEntries(tensors)));
    };
    const shorter = (list: unknown[]) => list.slice(0, -1);
    const first = 'encoder.numbers.0';
    const modes = /"a\.model: state\.encoder\.numbers\[0\]\.modes" expected/;
    assert.match(await says('state', 'encoder.numbers', shorter), /numbers" expected the modes of \d columns with quantiles, got \d$/);
    assert.match(await says('state', `${first}.modes.means`, () => []), modes);
    assert.match(await says('state', `${first}.modes`, () => ({ weights: [], means: [], deviations: [] })), modes);
    assert.match(await says('state', `${first}.modes.deviations.0`, () => 0), modes);
    assert.match(await says('state', `${first}.modes.weights.0`, () => -1), modes);
    assert.match(await says('state', `${first}.modes.means.0`, () => 'x'), /modes\.means\[0\]" expected a number, got "x"$/);
    assert.match(await says('state', `${first}.middle`, () => null), /numbers\[0\]\.middle" expected a number, got null$/);
    assert.is(await says('options', 'labels', () => 'both'), '"labels" expected minority or conditional, got both');
    assert.match(await says('options', 'latent', () => 9), /the array ".*" expected \d+ numbers, got \d+$/);
    assert.match(await says('options', 'latent', () => 0.5), /"latent" expected an integer/);
    if (method !== ctgan) return;
    assert.match(await says('state', 'counts', shorter), /state\.counts" expected a number for each level of each category/);
    assert.match(await says('state', 'counts.0', shorter), /state\.counts" expected a number for each level of each category/);
    assert.match(
      await says('state', 'counts.0.0', (n: number) => n + 1),
      /expected lists of the same sum in 1\.\.1000000000, got sums of 61, 60/,
    );
    assert.match(await says('state', 'counts.0.0', () => -1), /counts\[0\]\[0\]" expected an integer in 0\.\.1000000000, got -1/);
    assert.match(await says('state', 'joint', () => false), /expected the columns of the model, got others/);
    const classes = /encoder\.columns" expected both classes as levels of the last column/;
    const levels = `encoder.columns.${train.features.columns.length}.index.levels`;
    assert.match(await says('state', levels, shorter), classes);
    assert.match(await says('state', levels, (both: unknown[]) => both.reverse()), classes);
  });
}

test('weights of a diffusion model are checked alike', async () => {
  const bytes = saveModel(await tabddpm.fit(train, Stream.fromSeed(1), run, { steps: 5, timesteps: 4, layers: [8], hidden: 8 }), train);
  const broken = withArray(bytes, 'denoiser.out.b', (values) => values.map(() => Number.NaN) as Tensor['values']);
  assert.match(await refusal(broken), /^"a\.model: state\.diffusion" expected numbers in the array "denoiser\.out\.b", got NaN$/);
});

test('labels that are none are refused before anything is learnt', async () => {
  for (const [method] of methods) {
    const error = await rejection(method.fit(train, Stream.fromSeed(1), run, { labels: 'both' }));
    assert.instance(error, InputError);
    assert.is(error.message, '"labels" expected minority or conditional, got both');
  }
});

test.run();
