/** `npm run bench` as a process. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { items } from '../../bench/items.js';

const test = suite('npm run bench');

const NAMES =
  'gemm-256 gemm-4096 gemm-backward exp normals train-256 train-4096 tabddpm-step sample-step sample-job boost-30k boost-300k ' +
  'forest-30k predict mmd smote bundle cold-start memory-train memory-study workers gpu-forward gpu-train gpu-mmd gpu-histogram';

const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('../../bench/run.ts', import.meta.url)), ...args], {
    encoding: 'utf8',
  });

test('there is an item of every name, each once', () => {
  const names = items.map(({ name }) => name);
  assert.is(new Set(names).size, names.length);
  assert.equal(
    NAMES.split(' ').filter((name) => !names.includes(name)),
    [],
  );
});

test('--json prints one array of lines and nothing else; the first line has the name of its item', () => {
  const { stdout, stderr, status } = bench('--only', 'acc', '--json');
  assert.is(stderr, '');
  assert.is(status, 0);
  const lines = JSON.parse(stdout);
  assert.is(lines[0].item, 'accuracy');
  assert.ok(lines.length > 5);
  for (const line of lines) {
    assert.equal(Object.keys(line), ['item', 'value', 'unit', 'reference', 'ratio', 'target', 'verdict']);
    assert.ok(line.item.startsWith('accuracy'), line.item);
  }
});

test('an item or a variant that there is not: one sentence, and 2', () => {
  for (const [args, text] of [
    [['--only', 'nope'], /^"--only" expected the beginning of one of gemm-256, .*, got nope\n$/],
    [['--variant', 'fast'], /^"--variant" expected simd or relaxed, got fast\n$/],
    [['--nope'], /^Unknown option '--nope'[^\n]*\n$/],
  ] as const) {
    const { stdout, stderr, status } = bench(...args);
    assert.is(status, 2);
    assert.match(stderr, text);
    assert.is(stdout, '');
  }
});

test.run();
