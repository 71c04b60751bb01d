import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Manifest } from '../../ts/study/manifest.js';
import { TIME_FIELDS } from '../../ts/study/result.js';
import { temporaryFolder } from '../node/folder.js';
import { COHORT, refuses, settledLines, start, succeeds, synthward, writeCohort } from './command.js';

const test = suite('study');
const folder = temporaryFolder();
writeCohort(join(folder, 'cohort.csv'));
const plan = [...COHORT, '--methods', 'none,random,smote', '--splits', 3] as const;
const inFolder = (name: string) => join(folder, name);
const manifestOf = (name: string) => JSON.parse(readFileSync(join(folder, name, 'manifest.json'), 'utf8')) as Manifest;

/** Portraits have no times in them; their order is that of completion. */
const portraitsOf = (name: string): string[] =>
  readFileSync(join(folder, name, 'portraits.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .sort();

/** The summary without what differs from run to run. */
const withoutTimes = (name: string): unknown => {
  const text = readFileSync(join(folder, name, 'summary.json'), 'utf8');
  return JSON.parse(text, (key, value) => ((TIME_FIELDS as readonly string[]).includes(key) ? undefined : value));
};

test('one command leaves results, summary, manifest and report, and prints the two tables', () => {
  const { stdout, stderr } = succeeds(synthward(folder, 'study', ...plan, '--out', 'whole', '--workers', 1, '--splits-out', 'splits.json'));
  assert.equal(readdirSync(inFolder('whole')).sort(), [
    'figures',
    'manifest.json',
    'portraits.jsonl',
    'report.html',
    'results.jsonl',
    'summary.json',
  ]);
  assert.is(portraitsOf('whole').length, 2 * 3, 'one a split of both methods that make rows');
  assert.match(stdout, /Table 1/);
  assert.match(stdout, /Table 2/);
  assert.match(stdout, /Report: whole.report\.html/);
  assert.not(stdout.includes('\u001b'), 'clean when piped');
  assert.match(stderr, /\[9\/9\] cohort · \w+ · split 2 · .* · done/);
  assert.is(settledLines(inFolder('whole')).length, 3 * 3 * 2);
  const { cells, finished, datasets, methods } = manifestOf('whole');
  assert.equal(cells, { total: 9, done: 9, failed: 0 });
  assert.ok(finished);
  assert.equal(methods, ['none', 'random', 'smote']);
  const { name, rows, positives, target, positive, features } = datasets[0]!;
  assert.equal([name, rows, positives, target, positive, features], ['cohort', 160, 40, 'died', 'yes', 4]);
});

test('constraints of a schema hold in its cells, and the results and the report say how often rows were drawn again', () => {
  const schema = {
    target: 'died',
    columns: { age: { kind: 'numeric', range: [50, 85] } },
    exclude: ['id'],
    constraints: [{ kind: 'order', columns: ['lactate', 'dose'] }],
  };
  writeFileSync(inFolder('schema.json'), JSON.stringify(schema));
  const how = ['cohort.csv', '--schema', 'schema.json', '--methods', 'none,rose', '--classifiers', 'xgb', '--splits', 2];
  succeeds(synthward(folder, 'study', '--datasets', ...how, '--out', 'held'));
  const lines = settledLines(inFolder('held')).map((line) => JSON.parse(line));
  for (const { method, acceptance } of lines) {
    if (method === 'none') assert.is(acceptance, undefined);
    else assert.ok(acceptance.accepted < acceptance.drawn && acceptance.accepted >= 1000, JSON.stringify(acceptance));
  }
  const { fidelity } = JSON.parse(readFileSync(join(inFolder('held'), 'summary.json'), 'utf8'));
  const [rose] = fidelity.filter((entry: { method: string }) => entry.method === 'rose');
  const shares = lines.flatMap(({ acceptance }) => (acceptance ? [acceptance.accepted / acceptance.drawn] : []));
  assert.equal([rose.acceptance.n, rose.acceptance.mean], [2, ((shares[0] as number) + (shares[1] as number)) / 2]);
  const report = (name: string) => readFileSync(join(inFolder(name), 'report.html'), 'utf8');
  assert.match(report('held'), />Held<\/th>/);
  assert.match(report('held'), /share of drawn rows in which the constraints/);
  assert.not.match(report('whole'), /Held/);
});

test('--splits-out names every row once a split', () => {
  const splits = JSON.parse(readFileSync(inFolder('splits.json'), 'utf8')) as Record<
    string,
    { split: number; train: number[]; test: number[] }[]
  >;
  assert.equal(Object.keys(splits), ['cohort']);
  assert.is(splits.cohort!.length, 3);
  for (const [index, { split, train, test: held }] of splits.cohort!.entries()) {
    assert.is(split, index);
    assert.is(held.length, 32);
    assert.is(held.filter((row) => row % 4 === 0).length, 8, 'stratified: every fourth patient is positive');
    assert.equal(
      [...train, ...held].sort((a, b) => a - b),
      Array.from({ length: 160 }, (_, row) => row),
    );
  }
  assert.not.equal(splits.cohort![0]!.test, splits.cohort![1]!.test);
});

test('the splits may be written into the folder that the study makes, and beside it', () => {
  const small = [...COHORT, '--methods', 'none', '--classifiers', 'xgb', '--splits', 1];
  succeeds(synthward(folder, 'study', ...small, '--out', 'new/run', '--splits-out', 'new/run/splits.json'));
  assert.ok(existsSync(inFolder('new/run/splits.json')));
  succeeds(synthward(folder, 'study', ...small, '--out', 'other/run', '--splits-out', 'other/splits.json'));
  assert.equal(readFileSync(inFolder('other/splits.json')), readFileSync(inFolder('new/run/splits.json')));
});

test('one worker and two give equal results and summaries', () => {
  // Names may stand apart or be joined by commas.
  succeeds(synthward(folder, 'study', ...COHORT, '--methods', 'none', 'random,smote', '--splits', 3, '--out', 'two', '--workers', 2));
  assert.equal(settledLines(inFolder('two')), settledLines(inFolder('whole')));
  assert.equal(withoutTimes('two'), withoutTimes('whole'));
  assert.equal(portraitsOf('two'), portraitsOf('whole'));
});

test('TabDDPM too', () => {
  const own = [...COHORT, '--methods', 'tabddpm', 'none', '--splits', 2];
  for (const workers of [1, 2]) succeeds(synthward(folder, 'study', ...own, '--out', `tabddpm${workers}`, '--workers', workers));
  assert.equal(settledLines(inFolder('tabddpm2')), settledLines(inFolder('tabddpm1')));
});

test('another seed gives other results', () => {
  succeeds(synthward(folder, 'study', ...plan, '--out', 'seed', '--seed', 2, '--workers', 2));
  const [a, b] = [settledLines(inFolder('seed')), settledLines(inFolder('whole'))];
  assert.is(a.filter((line) => b.includes(line)).length, 0);
});

test('killed in the middle and run again: the same results as without', async () => {
  const results = join(inFolder('killed'), 'results.jsonl');
  const child = start(folder, 'study', ...plan, '--out', 'killed', '--workers', 2);
  const ended = once(child, 'exit');
  while (child.exitCode === null && !(existsSync(results) && readFileSync(results, 'utf8').split('\n').length > 4)) await sleep(5);
  child.kill('SIGKILL');
  await ended;
  assert.is(child.signalCode, 'SIGKILL');
  const kept = readFileSync(results, 'utf8').trimEnd().split('\n');
  assert.ok(kept.length < 18, 'it was killed before its end');
  assert.is(manifestOf('killed').finished, null);
  assert.ok(existsSync(join(inFolder('killed'), '.lock')), 'the lock of the killed run is still there');
  writeFileSync(results, `${kept.join('\n')}\n{"dataset":"cohort","split":2,"meth`); // and the power failed too
  const { stderr } = succeeds(synthward(folder, 'study', ...plan, '--out', 'killed', '--resume', '--workers', 2));
  const ran = [...stderr.matchAll(/^\[\d+\/9\]/gm)].length;
  assert.ok(ran < 9, 'finished cells are not run again');
  assert.ok(ran >= 9 - kept.length / 2);
  assert.equal(settledLines(inFolder('killed')), settledLines(inFolder('whole')));
  assert.equal(portraitsOf('killed'), portraitsOf('whole'));
  assert.not(existsSync(join(inFolder('killed'), '.lock')));
  assert.equal(manifestOf('killed').cells, { total: 9, done: 9, failed: 0 });
});

test('a finished study is not run again, and --resume knows its plan', () => {
  const before = readFileSync(join(inFolder('whole'), 'results.jsonl'), 'utf8');
  const report = readFileSync(join(inFolder('whole'), 'report.html'), 'utf8');
  for (const args of [plan, ['--resume']]) {
    const { stderr, stdout } = succeeds(synthward(folder, 'study', ...args, '--out', 'whole'));
    assert.not.match(stderr, /\[\d+\/9\]/);
    assert.match(stdout, /Table 2/);
    assert.is(readFileSync(join(inFolder('whole'), 'results.jsonl'), 'utf8'), before);
    assert.is(readFileSync(join(inFolder('whole'), 'report.html'), 'utf8'), report);
  }
});

test('Ctrl-C ends with 130 and keeps what is done', async () => {
  const results = join(inFolder('cancelled'), 'results.jsonl');
  const child = start(folder, 'study', ...plan, '--out', 'cancelled', '--splits', 40, '--workers', 1);
  let stderr = '';
  child.stderr!.on('data', (data) => {
    stderr += data;
  });
  const ended = once(child, 'close');
  while (child.exitCode === null && !(existsSync(results) && readFileSync(results, 'utf8').includes('\n'))) await sleep(5);
  child.kill('SIGINT');
  await ended;
  assert.is(child.exitCode, 130, stderr);
  assert.match(stderr, /synthward: cancelled; \d+ of 120 cells are kept in cancelled; the same command goes on from there\n$/);
  const { cells, finished } = manifestOf('cancelled');
  assert.is(finished, null);
  assert.is(settledLines(inFolder('cancelled')).length, cells.done * 2);
  assert.not(existsSync(join(inFolder('cancelled'), '.lock')));
});

test('a folder of another plan is refused and stays as it is', async () => {
  const before = readFileSync(join(inFolder('whole'), 'manifest.json'), 'utf8');
  const usual = { '--datasets': 'cohort.csv', '--target': 'died', '--exclude': 'id', '--methods': 'none,random,smote', '--splits': 3 };
  const other = (change: Readonly<Record<string, string | number>>) => [
    'study',
    ...Object.entries({ ...usual, ...change, '--out': 'whole' }).flat(),
  ];
  await refuses(folder, other({ '--seed': 3 }), /whole holds a study with seed 1, this one has 3; choose another folder with --out/);
  await refuses(folder, other({ '--splits': 4 }), /splits 3, this one has 4/);
  await refuses(folder, other({ '--methods': 'none' }), /methods none, random, smote, this one has none/);
  await refuses(folder, other({ '--classifiers': 'rf' }), /classifiers rf, xgb, this one has rf/);
  await refuses(folder, other({ '--ratios': 0.5 }), /ratios 1, this one has 0\.5/);
  await refuses(folder, other({ '--exclude': 'id,age' }), /another cohort\.csv/);
  await refuses(folder, other({ '--positive': 'no' }), /another cohort\.csv/);
  mkdirSync(inFolder('elsewhere'));
  writeCohort(join(inFolder('elsewhere'), 'cohort.csv'), 160, 6);
  await refuses(folder, other({ '--datasets': 'elsewhere/cohort.csv' }), /another elsewhere\/cohort\.csv \(its content/);
  assert.is(readFileSync(join(inFolder('whole'), 'manifest.json'), 'utf8'), before);
});

test.run();
