/** `classify --model-out`, `classify --model` and `export`: classifiers and networks in files, for this tool and for others. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allClose } from '../close.js';
import { GOLDEN_DIR, type GoldenCase, golden } from '../golden.js';
import { temporaryFolder } from '../node/folder.js';
import { refuses, succeeds, synthward, writeCohort } from './command.js';

const test = suite('files of other tools');
const folder = temporaryFolder();
writeCohort(join(folder, 'cohort.csv'));
writeCohort(join(folder, 'other.csv'), 50, 9);
const ROLES = ['--target', 'died', '--exclude', 'id'];
const run = (...args: (string | number)[]) => succeeds(synthward(folder, ...args));
const text = (name: string) => readFileSync(join(folder, name), 'utf8');
const probabilities = (name: string) =>
  text(name)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[1]));
const learn = (classifier: string, ...more: string[]) => [
  'classify',
  '--train',
  'cohort.csv',
  ...ROLES,
  '--classifier',
  classifier,
  ...more,
];

for (const classifier of ['rf', 'xgb']) {
  test(`${classifier}: what is kept predicts the same`, async () => {
    run(...learn(classifier, '--test', 'other.csv', '--out', 'now.csv'));
    const { stdout, stderr } = run(...learn(classifier, '--model-out', 'kept.model'));
    assert.is(stdout, `${classifier} learnt from 160 rows → kept.model\n`);
    assert.match(stderr, /note: kept\.model holds single values of columns of real patients/);
    const said = run('classify', '--model', 'kept.model', '--test', 'other.csv', '--out', 'then.csv');
    assert.match(said.stdout, new RegExp(`^${classifier} of kept\\.model; probability of died = yes for 50 rows → then\\.csv\n$`));
    assert.is(text('then.csv'), text('now.csv'));
  });
}

test('a number that was taken for missing when it was learnt is so again', async () => {
  const lines = text('cohort.csv').trimEnd().split('\n');
  const coded = lines.map((line, row) => (row > 0 && row % 9 === 0 ? line.replace(/^(p\d+),[\d.]+,/, '$1,999,') : line));
  writeFileSync(join(folder, 'coded.csv'), `${coded.join('\n')}\n`);
  const rows = `${lines[0]}\np1,999,10,icu,2.5,note,no\np1,,10,icu,2.5,note,no\n`;
  writeFileSync(join(folder, 'two.csv'), rows);
  const learnt = ['classify', '--train', 'coded.csv', ...ROLES, '--classifier', 'xgb'];
  const { stderr } = run(...learnt, '--model-out', 'coded.json', '--test', 'two.csv', '--out', 'two-now.csv');
  assert.match(stderr, /999/);
  for (const name of ['coded.json', 'coded.model']) {
    if (name === 'coded.model') run(...learnt, '--model-out', name);
    run('classify', '--model', name, '--test', 'two.csv', '--out', 'two-then.csv');
    const [first, second] = probabilities('two-then.csv');
    assert.is(first, second, name);
    allClose(probabilities('two-then.csv'), probabilities('two-now.csv'), { abs: 1e-6 }, name);
  }
});

test('what was declared of cells when it was learnt holds for the rows to predict', async () => {
  const [header, ...rows] = text('cohort.csv').trimEnd().split('\n') as [string, ...string[]];
  const cells = rows.map((row) => row.split(',')); // id, age, stay, ward, lactate …
  const coded = cells.map(([id, age, stay, ward, ...rest], row) =>
    [id, row % 9 === 0 ? '7.5' : age, stay, row % 7 === 0 ? 'unclear' : ward, ...rest].join(','),
  );
  writeFileSync(join(folder, 'declared.csv'), `${[header, ...coded].join('\n')}\n`);
  const schema = { columns: { age: { missing: ['7.5'], unit: 'years', censored: 'limit' } } };
  writeFileSync(join(folder, 'declared.json'), JSON.stringify(schema));
  const declared = [...ROLES, '--schema', 'declared.json', '--missing', 'unclear', '--missing', 'lactate=-3'];
  const last = ['note', 'no'];
  const pairs = [
    ['7.5', '10', 'icu', '2.5'],
    ['', '10', 'icu', '2.5'],
    ['61', '10', 'unclear', '2.5'],
    ['61', '10', '', '2.5'],
    ['61', '10', 'icu', '-3'],
    ['61', '10', 'icu', ''],
    ['<70', '10', 'icu', '2.5'],
    ['70 years', '10', 'icu', '2.5'],
  ];
  writeFileSync(
    join(folder, 'pairs.csv'),
    `${[header, ...pairs.map((pair, i) => ['x'.concat(String(i)), ...pair, ...last].join(','))].join('\n')}\n`,
  );
  for (const classifier of ['rf', 'xgb']) {
    const learnt = ['classify', '--train', 'declared.csv', ...declared, '--classifier', classifier];
    run(...learnt, '--model-out', 'declared.model', '--test', 'pairs.csv', '--out', 'pairs-now.csv');
    const now = probabilities('pairs-now.csv');
    for (let i = 0; i < now.length; i += 2) assert.is(now[i], now[i + 1], `${classifier}, rows ${i} and ${i + 1}`);
    assert.is.not(now[0], now[2]);
    run('classify', '--model', 'declared.model', '--test', 'pairs.csv', '--out', 'pairs-then.csv');
    assert.is(text('pairs-then.csv'), text('pairs-now.csv'));
  }
  run('export', 'declared.model', '--out', 'declared-model.json');
  run('classify', '--model', 'declared-model.json', '--test', 'pairs.csv', '--out', 'pairs-json.csv');
  allClose(probabilities('pairs-json.csv'), probabilities('pairs-now.csv'), { abs: 1e-6 }, 'probabilities');
  await refuses(
    folder,
    ['classify', '--model', 'kept.model', '--test', 'pairs.csv', '--out', 'never.csv'],
    /pairs\.csv.*column "age"/, // nothing was declared of that one
  );
});

test('xgb as XGBoost JSON, at once or by export', async () => {
  run(...learn('xgb', '--test', 'other.csv', '--out', 'now.csv', '--model-out', 'kept.json'));
  run(...learn('xgb', '--model-out', 'kept.model'));
  assert.match(
    run('export', 'kept.model', '--out', 'again.json').stdout,
    /^xgb of kept\.model as XGBoost JSON → again\.json \(\d+ kB\)\n$/,
  );
  assert.is(text('again.json'), text('kept.json'));
  run('classify', '--model', 'kept.json', '--test', 'other.csv', '--out', 'then.csv');
  allClose(probabilities('then.csv'), probabilities('now.csv'), { abs: 1e-6 }, 'probabilities');
});

test('rf, xgb and a network of tabddpm as ONNX', async () => {
  run(...learn('rf', '--model-out', 'forest.onnx'));
  run(...learn('xgb', '--model-out', 'booster.onnx'));
  run('train', 'cohort.csv', ...ROLES, '--timesteps', 10, '--model-out', 'rows.model');
  assert.match(run('export', 'rows.model', '--out', 'rows.onnx').stdout, /^tabddpm of rows\.model as ONNX → rows\.onnx/);
  for (const name of ['forest.onnx', 'booster.onnx', 'rows.onnx']) assert.is(text(name).includes('synthward'), true);
});

test("a model of XGBoost's own: columns by the names of its features", async () => {
  const isPlain = ({ params, probe }: GoldenCase) =>
    params.objective === 'binary:logistic' && probe.flat().every((x: number) => x !== Infinity && x !== -Infinity);
  const c = golden('trees', 'xgb_booster').find(isPlain) as GoldenCase;
  const model = JSON.parse(c.model_json_text);
  const names = c.X[0].map((_: number, i: number) => `f${i}`);
  model.learner.feature_names = [];
  writeFileSync(join(folder, 'nameless.json'), JSON.stringify(model));
  model.learner.feature_names = names;
  writeFileSync(join(folder, 'theirs.json'), JSON.stringify(model));
  const rows = c.probe.map((row: number[]) => row.map((x) => (Number.isNaN(x) ? '' : x)).join(','));
  writeFileSync(join(folder, 'probe.csv'), `${names.join(',')}\n${rows.join('\n')}\n`);
  run('classify', '--model', 'theirs.json', '--test', 'probe.csv', '--out', 'theirs.csv');
  const own = c.margin.map((m: number) => 1 / (1 + Math.exp(-m)));
  allClose(probabilities('theirs.csv'), own, { abs: 1e-5 }, 'probabilities');
  const nameless = ['classify', '--model', 'nameless.json', '--test', 'probe.csv', '--out', 'x.csv'];
  await refuses(folder, nameless, /no names of its features/);
  await refuses(folder, ['classify', '--model', 'theirs.json', '--test', 'other.csv', '--out', 'x.csv'], /other\.csv: .*"f0"/);
});

test('hostile models end in one sentence', async () => {
  for (const { file, expect } of golden('hostile/index')) {
    if (!file.startsWith('model_') || expect.startsWith('accept')) continue;
    const model = ['classify', '--model', join(GOLDEN_DIR, 'hostile', file), '--test', 'other.csv', '--out', 'x.csv'];
    await refuses(folder, model, new RegExp(file.replace('.', '\\.')));
  }
});

test('mistakes end in one sentence and leave nothing', async () => {
  const by = ['classify', '--model', 'kept.model', '--test', 'other.csv'];
  await refuses(folder, [...by, '--out', 'kept.model'], /"--out" expected another file than kept\.model, which is read/);
  await refuses(folder, [...by], /"--out" expected a file for the predictions/);
  await refuses(folder, [...by, '--out', 'x.csv', '--train', 'cohort.csv'], /'--model <file>' cannot be used with option '--train <file>'/);
  await refuses(folder, [...by, '--out', 'x.csv', '--model-out', 'y.model'], /"--model-out" expected a classifier that is learnt here/);
  await refuses(folder, learn('rf', '--out', 'x.csv'), /"--test" and "--out" belong together/);
  await refuses(
    folder,
    ['classify', '--test', 'other.csv', '--out', 'x.csv'],
    /"--train" expected a CSV table to learn from, got none; or give --model/,
  );
  await refuses(
    folder,
    ['classify', '--train', 'cohort.csv', '--test', 'other.csv', '--out', 'x.csv'],
    /"--classifier" expected one of rf, xgb/,
  );
  await refuses(folder, learn('rf', '--model-out', 'x.json'), /XGBoost's format holds no model of rf; write one of xgb/);
  await refuses(
    folder,
    ['export', 'kept.model', '--out', 'x.txt'],
    /"--out" expected a name that ends in \.json \(XGBoost\) or \.onnx, got x\.txt/,
  );
  await refuses(folder, ['export', 'cohort.csv', '--out', 'x.json'], /cohort\.csv is damaged or no model file/);
  await refuses(
    folder,
    ['classify', '--model', 'forest.onnx', '--test', 'other.csv', '--out', 'x.csv'],
    /forest\.onnx is damaged or no model file/,
  );
});

test.run();
