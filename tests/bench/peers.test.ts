import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agreement, ranking, segments, within } from '../../bench/peers/checks.js';
import { ITEMS, type PeerItem } from '../../bench/peers/items.js';
import { linesOf } from '../../bench/peers/lines.js';
import { measure } from '../../bench/peers/measure.js';
import { startProcess } from '../../bench/peers/process.js';
import { header, row, tableOf } from '../../bench/peers/text.js';
import { WORK } from '../../bench/peers/work.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const STUB = fileURLToPath(new URL('peers-stub.mjs', import.meta.url));
const PATIENCE = { rounds: 3, seconds: 60, prepareMs: 20_000, runMs: 20_000 };

/** Measures stubs: name → how it behaves. */
async function measured(systems: Readonly<Record<string, string>>, patience = PATIENCE) {
  const folder = mkdtempSync(join(tmpdir(), 'peers-test-'));
  const running = new Map(
    Object.entries(systems).map(([name, how]) => {
      const absent = { command: join(folder, 'absent'), args: [] };
      return [name, startProcess(how === 'absent' ? absent : { command: process.execPath, args: [STUB, name, '0.5', how] })];
    }),
  );
  try {
    const results = await measure('work', folder, running, patience);
    const turns = readFileSync(join(folder, 'turns.txt'), 'utf8').trim().split('\n');
    return { turns, results: new Map(results.map((result) => [result.system, result])), all: results };
  } finally {
    for (const process of running.values()) process.stop();
    rmSync(folder, { recursive: true });
  }
}

const turns = suite('taking turns');

turns('systems run one after the other, round after round; the best timed run counts', async () => {
  const { turns, all } = await measured({ simd: '', a: '', b: '' });
  assert.equal(turns, Array.from({ length: 4 }, () => ['simd', 'a', 'b']).flat());
  for (const system of all) {
    assert.ok('seconds' in system);
    assert.is(system.seconds, 0.5);
    assert.is(system.runs, 3); // without the one to warm up
    assert.is(system.version, `${system.system} 1.0`);
  }
});

turns('whoever has run long enough sits the further rounds out', async () => {
  const { turns } = await measured({ simd: '', a: '' }, { ...PATIENCE, rounds: 5, seconds: 0 });
  assert.equal(turns, ['simd', 'a', 'simd', 'a']); // one to warm up, one that is timed
});

turns('a missing, a dying, a failing and an absent system are named, and the others are measured', async () => {
  const { turns, results } = await measured({ simd: '', gone: 'missing', weak: 'dies', bad: 'throws', never: 'absent', good: '' });
  const why = (name: string) => (results.get(name) as { why?: string }).why ?? '';
  assert.is(why('gone'), 'needs the package gone');
  assert.is(why('weak'), 'died with exit status 3: Error: out of memory');
  assert.is(why('bad'), 'TypeError: no such function');
  assert.match(why('never'), /^needs .*absent$/);
  assert.is(turns.filter((name) => name === 'weak').length, 2);
  for (const name of ['simd', 'good']) assert.is((results.get(name) as { runs: number }).runs, 3);
});

turns('a silent system is given up', async () => {
  const { results } = await measured({ simd: '', mute: 'silent' }, { ...PATIENCE, runMs: 1500 });
  assert.is((results.get('mute') as { why: string }).why, 'gave no answer to "run" within 1.5 s');
});

turns.run();

const lines = suite('lines');

const item = (peers: PeerItem['peers']): PeerItem => ({ name: 'work', peers, unit: 'steps/s', perRun: 10, check: agreement(1e-3) });

lines('ratio, target and verdict; our relaxed core where it is promised something', async () => {
  const work = item({ a: { simd: 1, relaxed: 2 }, b: { simd: null }, wrong: { simd: 1 }, gone: { simd: 1 } });
  const { all } = await measured({ simd: '', relaxed: '', a: '', b: '', wrong: 'wrong', gone: 'missing' });
  const told = linesOf(work, all, '');
  assert.equal(
    told.map(({ peer, core, verdict }) => [peer, core, verdict]),
    [
      ['a 1.0', 'simd', 'met'],
      ['a 1.0', 'relaxed', 'missed'],
      ['b 1.0', 'simd', 'no target'],
      ['wrong 1.0', 'simd', 'results differ'],
      ['gone', 'simd', 'not run: needs the package gone'],
    ],
  );
  const [first] = told;
  assert.is(first?.value, 20); // 10 steps in 0.5 s
  assert.is(first?.reference, 20);
  assert.is(first?.ratio, 1);
  assert.is(first?.target, 'ratio >= 1');
  assert.match(told[3]?.note ?? '', 'ours computes 1, the peer 2');
  assert.is(told[4]?.ratio, null);
  for (const line of told) assert.match(row(line), 'work');
  assert.is(tableOf(told).split('\n').length, 2 + told.length);
  assert.match(header, 'verdict');
});

lines('without our side there is no ratio', async () => {
  const { all } = await measured({ simd: 'dies', a: '' });
  const [line] = linesOf(item({ a: { simd: 1 } }), all, '');
  assert.is(line?.verdict, 'not run: our simd core died with exit status 3: Error: out of memory');
  assert.is(line?.value, null);
});

lines('every item has a peer, and a name of its own', () => {
  assert.is(new Set(ITEMS.map(({ name }) => name)).size, ITEMS.length);
  for (const { name, peers } of ITEMS) assert.ok(Object.keys(peers).length > 0, name);
});

lines.run();

const checks = suite('checks');

checks('numbers agree within a share, and NaN with nothing', () => {
  assert.is(agreement(0.01)(1.005, 1, ''), null);
  assert.ok(agreement(0.01)(1.02, 1, ''));
  assert.ok(agreement(0.01)(Number.NaN, 1, ''));
  assert.is(within(0.001)(-0.2, 5, ''), null);
  assert.ok(within(0.001)(0.002, 0, ''));
  assert.ok(within(0.001)(Number.NaN, 0, ''));
});

/** Writes numbers for a check to read. */
function inFolder(files: Readonly<Record<string, Float32Array | Uint8Array>>, look: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'peers-test-'));
  try {
    for (const [name, { buffer }] of Object.entries(files)) writeFileSync(join(folder, name), new Uint8Array(buffer));
    look(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

checks('we may rank better than the peer, and not worse', () => {
  const files = {
    'test.y.u8': Uint8Array.of(0, 0, 1, 1),
    good: Float32Array.of(0.1, 0.2, 0.8, 0.9),
    worse: Float32Array.of(0.1, 0.8, 0.2, 0.9),
  };
  inFolder(files, (folder) => {
    const [good, worse] = ['good', 'worse'].map((name) => ({ file: join(folder, name) })) as [{ file: string }, { file: string }];
    assert.is(ranking(good, worse, folder), null);
    assert.is(ranking(good, good, folder), null);
    assert.match(ranking(worse, good, folder) ?? '', 'our AUROC is 0.75');
  });
});

checks('new rows lie between neighbours', () => {
  const { cols, rows, minority } = WORK.smote;
  const points = Float32Array.from({ length: minority * cols }, (_, i) => (i % cols === 0 ? Math.floor(i / cols) : 0)); // on a line
  const on = Float32Array.from({ length: rows * cols }, (_, i) => (i % cols === 0 ? (Math.floor(i / cols) % (minority - 1)) + 0.25 : 0));
  const off = on.map((x, i) => (i % cols === 1 ? 0.5 : x));
  inFolder({ 'smote.x.f32': points, on, off, short: on.subarray(0, 4).slice() }, (folder) => {
    const of = (name: string) => ({ file: join(folder, name) });
    assert.is(segments(of('on'), of('on'), folder), null);
    assert.match(segments(of('off'), of('on'), folder) ?? '', 'a row of ours lies 0.5');
    assert.match(segments(of('on'), of('short'), folder) ?? '', "a row of the peer's");
  });
});

checks.run();

const command = suite('npm run bench:peers');
const bench = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', 'tsx', 'bench/peers/run.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PEERS_PYTHON: join(root, 'no-such-python') },
  });

command('an unknown item is refused', () => {
  const { status, stderr } = bench('--only', 'nonsense');
  assert.is(status, 2);
  assert.match(stderr, '"only" expected one of gemm-256, ');
});

command('our side runs without any peer, and each missing one is named', () => {
  const { status, stdout } = bench('--only', 'smote', '--json');
  assert.is(status, 0);
  const told = JSON.parse(stdout) as Record<string, unknown>[];
  assert.is(told.length, 2);
  for (const line of told) {
    assert.equal(Object.keys(line), ['item', 'core', 'value', 'unit', 'reference', 'peer', 'target', 'ratio', 'verdict', 'note']);
    assert.ok((line.value as number) > 0);
    assert.match(String(line.verdict), /^not run: needs .*no-such-python$/);
  }
});

command.run();
