import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { takeLock } from '../../ts/node/lock.js';
import { openPortraits } from '../../ts/node/portraits.js';
import { openResults, readLines, resultsFile, type StudyLine } from '../../ts/node/results.js';
import type { Portrait } from '../../ts/study/portrait.js';
import { temporaryFolder } from './folder.js';

const test = suite('results');
const root = temporaryFolder();
let made = 0;
const folder = () => {
  const path = join(root, String(made++));
  mkdirSync(path);
  return path;
};
const line = (split: number, classifier: string, f1 = 0.5) =>
  ({ dataset: 'd', split, method: 'none', ratio: 1, classifier, f1 }) as unknown as StudyLine;
const failure = (split: number, classifier: string) => ({ ...line(split, classifier), error: 'no' }) as StudyLine;
const refuses = (work: () => unknown, text: RegExp) =>
  assert.throws(work, (error: Error) => error instanceof InputError && text.test(error.message));

test('lines are appended and found again', () => {
  const at = folder();
  const store = openResults(at, ['rf', 'xgb']);
  store.append([line(0, 'rf'), line(0, 'xgb')]);
  store.append([line(1, 'rf'), line(1, 'xgb')]);
  store.close();
  assert.is(readLines(resultsFile(at)).length, 4);
  const again = openResults(at, ['rf', 'xgb']);
  assert.equal(again.lines, [line(0, 'rf'), line(0, 'xgb'), line(1, 'rf'), line(1, 'xgb')]);
  again.close();
});

test('a torn last line goes, and with it the rest of its cell', () => {
  const at = folder();
  const store = openResults(at, ['rf', 'xgb']);
  store.append([line(0, 'rf'), line(0, 'xgb'), line(1, 'rf')]);
  store.close();
  const whole = JSON.stringify(line(1, 'xgb'));
  for (let cut = 1; cut < whole.length; cut += 7) {
    const before = readFileSync(resultsFile(at), 'utf8');
    appendFileSync(resultsFile(at), whole.slice(0, cut));
    const again = openResults(at, ['rf', 'xgb']);
    assert.equal(again.lines, [line(0, 'rf'), line(0, 'xgb')]);
    again.append([line(1, 'rf')]);
    again.close();
    assert.is(readFileSync(resultsFile(at), 'utf8'), before, 'what follows begins on a line of its own');
  }
});

test('a last line that lacks only its end is kept', () => {
  const at = folder();
  writeFileSync(resultsFile(at), JSON.stringify(line(0, 'rf')));
  const store = openResults(at, ['rf']);
  store.append([line(1, 'rf')]);
  store.close();
  assert.equal(readLines(resultsFile(at)), [line(0, 'rf'), line(1, 'rf')]);
});

test('failed cells run again: their lines go', () => {
  const at = folder();
  const store = openResults(at, ['rf', 'xgb']);
  store.append([failure(0, 'rf'), failure(0, 'xgb')]);
  store.append([line(1, 'rf'), line(1, 'xgb')]);
  store.close();
  const again = openResults(at, ['rf', 'xgb']);
  assert.equal(again.lines, [line(1, 'rf'), line(1, 'xgb')]);
  again.close();
  assert.is(readLines(resultsFile(at)).length, 2);
});

test('portraits of finished cells are kept, those of others go with their lines', () => {
  const at = folder();
  const portrait = (split: number) => ({ dataset: 'd', split, method: 'none', ratio: 1, columns: [] }) as unknown as Portrait;
  const store = openPortraits(at, []);
  store.append([portrait(0), portrait(1)]);
  store.append([portrait(2)]);
  store.close();
  appendFileSync(join(at, 'portraits.jsonl'), JSON.stringify(portrait(3)).slice(0, 30));
  const again = openPortraits(at, [line(0, 'rf'), line(2, 'rf'), line(3, 'rf')]);
  assert.equal(again.lines, [portrait(0), portrait(2)]);
  again.append([portrait(1)]);
  again.close();
  assert.is(readFileSync(join(at, 'portraits.jsonl'), 'utf8').trimEnd().split('\n').length, 3);
});

test('a line in the middle that is none is named, and the file stays as it is', () => {
  const at = folder();
  const text = `${JSON.stringify(line(0, 'rf'))}\nnot a line\n${JSON.stringify(line(1, 'rf'))}\n`;
  writeFileSync(resultsFile(at), text);
  refuses(() => openResults(at, ['rf']), /results\.jsonl, line 2: expected a result line/);
  assert.is(readFileSync(resultsFile(at), 'utf8'), text);
});

test('one writer a folder', () => {
  const at = folder();
  const unlock = takeLock(at);
  refuses(() => takeLock(at), new RegExp(`process ${process.pid} is writing to`));
  unlock();
  takeLock(at)();
  assert.equal(readdirSync(at), []);
});

test('the lock of a process that is gone is taken over', () => {
  const at = folder();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(at, '.lock'), JSON.stringify({ pid, host: hostname(), started: '1' }));
  takeLock(at)();
  // The number was given to another process since: this one, started at another time.
  if (existsSync('/proc/self/stat')) {
    writeFileSync(join(at, '.lock'), JSON.stringify({ pid: process.pid, host: hostname(), started: '1' }));
    takeLock(at)();
  }
  writeFileSync(join(at, '.lock'), '{"pid":'); // died while writing it
  takeLock(at)();
  assert.equal(readdirSync(at), []);
});

test('a lock of another machine is not judged', () => {
  const at = folder();
  writeFileSync(join(at, '.lock'), JSON.stringify({ pid: 1, host: `not-${hostname()}`, started: null }));
  refuses(() => takeLock(at), /process 1 on not-.*remove .*\.lock if it no longer runs/);
});

test.run();
