import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../node/folder.js';
import { refuses, succeeds, synthward, writeCohort } from './command.js';

const test = suite('mistakes');
const folder = temporaryFolder();
writeCohort(join(folder, 'cohort.csv'));
const isRoot = process.getuid?.() === 0;

const put = (name: string, lines: readonly string[]) => {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  return name;
};
const rows = (n: number, row: (i: number) => string) => Array.from({ length: n }, (_, i) => row(i));
const positives = (name: string, n: number) => put(name, ['x,z,y', ...rows(60, (i) => `${i},${(i * 7) % 11},${i < n ? 1 : 0}`)]);

/** Every command that reads a table, with this file in the place of its data. */
const commands = (file: string, ...more: string[]): string[][] => [
  ['study', '--datasets', file, '--target', 'y', '--out', 'out', ...more],
  ['augment', file, '--target', 'y', '--method', 'smote', '--out', 'out.csv', ...more],
  ['classify', '--train', file, '--test', file, '--target', 'y', '--classifier', 'rf', '--out', 'out.csv', ...more],
];
const allRefuse = async (file: string, text: RegExp, ...more: string[]) => {
  for (const command of commands(file, ...more)) await refuses(folder, command, text);
};

test('a missing file and a folder in its place', async () => {
  await allRefuse('nowhere.csv', /cannot read nowhere\.csv: there is no such file/);
  mkdirSync(join(folder, 'folder.csv'));
  await allRefuse('folder.csv', /cannot read folder\.csv: it is a folder/);
});

test('an unknown column, with the one that was perhaps meant', async () => {
  put('columns.csv', ['x,yy', ...rows(20, (i) => `${i},${i % 2}`)]);
  await allRefuse('columns.csv', /columns\.csv: there is no column "y"/);
  put('good.csv', ['x,z,y', ...rows(40, (i) => `${i},${i % 5},${i % 4 === 0 ? 1 : 0}`)]);
  await allRefuse('good.csv', /good\.csv: there is no column "w"/, '--exclude', 'w');
  await allRefuse('good.csv', /good\.csv: there is no column "patient"/, '--group', 'patient');
});

test('one class only', async () => {
  await allRefuse(positives('one.csv', 0), /one\.csv: the target "y" has one class only \("0" in 60 rows\)/);
});

test('too few minority rows: the least that the method needs is said', async () => {
  const few = positives('few.csv', 1);
  await refuses(
    folder,
    [...commands(few)[0]!, '--methods', 'none,smote'],
    /few\.csv: 1 row with y = 1, every method needs at least 2 to train on/,
  );
  await refuses(folder, commands(few)[1]!, /target "y" has 1 row of the class "1"; at least 2 are needed/);
});

test('a target of more than two values needs --positive', async () => {
  put('three.csv', ['x,z,y', ...rows(60, (i) => `${i},${i % 7},${['a', 'b', 'c'][i % 3]}`)]);
  await allRefuse('three.csv', /three\.csv: the target "y" has 3 classes.*positive/);
  await allRefuse('three.csv', /"positive" expected a class of the target "y".*got "d"/, '--positive', 'd');
  succeeds(synthward(folder, 'augment', 'three.csv', '--target', 'y', '--positive', 'a', '--method', 'random', '--out', 'three-out.csv'));
});

test('ragged rows and duplicate names, with their lines', async () => {
  await allRefuse(
    put('ragged.csv', ['x,z,y', '1,2,0', '1,2', '3,4,1,5']),
    /ragged\.csv: the header has 3 cells, but line 3 has 2 and line 4 has 4/,
  );
  await allRefuse(put('twice.csv', ['x,x,y', '1,2,0', '2,1,1']), /twice\.csv, line 1: columns 1 and 2 are both named "x"/);
  await allRefuse(put('empty.csv', []), /empty\.csv: the file is empty/);
});

test('an output that cannot be written is known before anything is computed', async () => {
  const wrong = 'nowhere/out.csv';
  await refuses(
    folder,
    ['augment', 'good.csv', '--target', 'y', '--out', wrong],
    /cannot write nowhere\/out\.csv: the folder nowhere does not exist/,
  );
  await refuses(
    folder,
    ['classify', '--train', 'good.csv', '--test', 'good.csv', '--target', 'y', '--classifier', 'xgb', '--out', wrong],
    /cannot write nowhere\/out\.csv/,
  );
  await refuses(
    folder,
    ['study', '--datasets', 'good.csv', '--target', 'y', '--out', 'good.csv/runs'],
    /cannot write results to good\.csv\/runs/,
  );
  await refuses(
    folder,
    ['study', '--datasets', 'good.csv', '--target', 'y', '--out', 'out', '--splits-out', wrong],
    /cannot write nowhere/,
  );
  await refuses(folder, ['augment', 'good.csv', '--target', 'y', '--out', 'good.csv'], /another file than good\.csv/);
  mkdirSync(join(folder, 'closed'), { mode: 0o500 });
  if (isRoot) console.log('not run: needs a user other than root (permission checks)');
  else {
    await refuses(folder, ['augment', 'good.csv', '--target', 'y', '--out', 'closed/out.csv'], /closed\/out\.csv: permission denied/);
    await refuses(folder, ['study', '--datasets', 'good.csv', '--target', 'y', '--out', 'closed/out'], /permission denied/);
  }
  chmodSync(join(folder, 'closed'), 0o700);
});

test('options: unknown, near misses, out of range, not of this version', async () => {
  const augment = ['augment', 'good.csv', '--target', 'y', '--out', 'out.csv'];
  await refuses(folder, ['study', '--split', '3'], /unknown option '--split' \(Did you mean .*--splits/);
  await refuses(folder, ['augmnt', 'good.csv'], /unknown command 'augmnt' \(Did you mean augment\?\)/);
  await refuses(folder, [...augment, '--ratio', '0'], /above 0/);
  await refuses(folder, [...augment, '--count', '1.5'], /whole number/);
  await refuses(folder, [...augment, '--count', '5', '--ratio', '1'], /cannot be used with/);
  await refuses(
    folder,
    [...augment, '--method', 'magic'],
    /Allowed choices are random, smote, borderline, adasyn, rose, copula, ctgan, tvae, tabddpm, tabddpm-joint, tabddpm-partial, forestflow/,
  );
  await refuses(folder, [...augment, '--backend', 'cuda'], /Allowed choices are wasm, gpu, auto/);
  await refuses(folder, [...augment, '--seed', '-1'], /whole number of at least 0/);
  await refuses(folder, ['augment', 'good.csv', '--out', 'out.csv'], /"--target" expected the column of good\.csv/);
  await refuses(folder, ['augment', 'good.csv', '--target', 'y'], /required option '--out <file>' not specified/);
  await refuses(
    folder,
    ['study', '--datasets', 'cohort'],
    /"--datasets" expected breast_cancer, pbc_visits, support2_icu, simulated_icu or a CSV file, got cohort/,
  );
  await refuses(folder, ['study', '--methods', 'none,magic', '--out', 'out'], /"method" expected one of none, .* got magic/);
  await refuses(folder, ['study', '--classifiers', 'svm', '--out', 'out'], /"classifier" expected one of rf, xgb, got svm/);
  await refuses(folder, ['study', '--target', 'y', '--out', 'out'], /"--target" expected a CSV file in --datasets/);
  await refuses(folder, ['study', '--datasets', 'good.csv,./good.csv', '--target', 'y', '--out', 'out'], /good twice/);
});

test('a balanced table needs no rows, and a table with a column "synthetic" would get two', async () => {
  put('even.csv', ['x,z,y', ...rows(40, (i) => `${i},${i % 3},${i % 2}`)]);
  await refuses(folder, ['augment', 'even.csv', '--target', 'y', '--method', 'random', '--out', 'out.csv'], /reach that ratio already/);
  put('mark.csv', ['x,synthetic,y', ...rows(40, (i) => `${i},${i % 3},${i % 5 === 0 ? 1 : 0}`)]);
  await refuses(folder, ['augment', 'mark.csv', '--target', 'y', '--method', 'random', '--out', 'out.csv'], /a column "synthetic" already/);
});

test('a schema that is none', async () => {
  put('schema.json', ['{"columns": {"x": {"kind": "colour"}}}']);
  await allRefuse('good.csv', /schema\.json: "columns\.x\.kind"/, '--schema', 'schema.json');
  put('broken.json', ['{"columns": ']);
  await allRefuse('good.csv', /broken\.json: this is not valid JSON/, '--schema', 'broken.json');
  await allRefuse('good.csv', /cannot read no\.json/, '--schema', 'no.json');
});

test('the test table lacks a column', async () => {
  put('short.csv', ['x', '1', '2']);
  await refuses(
    folder,
    ['classify', '--train', 'good.csv', '--test', 'short.csv', '--target', 'y', '--classifier', 'rf', '--out', 'out.csv'],
    /short\.csv: there is no column "z"/,
  );
});

test('the process itself ends with 2 and one sentence', async () => {
  const asProcess = async (at: string, args: readonly (string | number)[]) => synthward(at, ...args);
  await refuses(folder, ['augment', 'nowhere.csv', '--target', 'y', '--out', 'out.csv'], /^synthward: cannot read nowhere\.csv/, asProcess);
  await refuses(
    folder,
    ['study', '--datasets', 'one.csv', '--target', 'y', '--out', 'out'],
    /^synthward: one\.csv: .* one class/,
    asProcess,
  );
  put('huge.csv', ['x,z,y', ...rows(60, (i) => `${i % 2 ? '-' : ''}1e308,${(i * 7) % 11},${i < 20 ? 1 : 0}`)]);
  const augment = ['augment', 'huge.csv', '--target', 'y', '--method', 'smote', '--out', 'out.csv'];
  await refuses(folder, augment, /^(note: .*\n)*synthward: .*not finite/, asProcess); // found in a worker thread
  const { status, stdout, stderr } = synthward(folder);
  assert.is(status, 2, 'without a command the help is shown');
  assert.match(stdout + stderr, /Usage: synthward/);
});

test('--fast where the engine has no relaxed SIMD', async () => {
  const augment = ['augment', 'good.csv', '--target', 'y', '--method', 'random', '--fast', '--out'];
  if (Number(process.versions.node.split('.')[0]) < 22)
    await refuses(folder, [...augment, 'out.csv'], /"--fast" expected .*Node 22 or newer/);
  else succeeds(synthward(folder, ...augment, 'fast-out.csv'));
});

test('help and version are no mistakes', () => {
  for (const args of [['--help'], ['study', '--help'], ['augment', '--help'], ['classify', '--help'], ['--version']]) {
    const { stdout, stderr } = succeeds(synthward(folder, ...args));
    assert.is(stderr, '');
    assert.ok(stdout.length > 0);
  }
});

test.run();
