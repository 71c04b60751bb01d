/** Trade-offs: what a split's task measures, that it is repeatable, and what its lines come to in numbers and words. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { CancelledError } from '../../ts/errors.js';
import {
  costedMethods,
  finishedTradeoffs,
  listTradeoffs,
  REFERENCE,
  samplingWays,
  type TradeoffLine,
  wayKey,
} from '../../ts/study/tradeoff-lines.js';
import { summariseTradeoffs, type Tradeoffs } from '../../ts/study/tradeoff-summary.js';
import { runTradeoffs, type TradeoffSetting } from '../../ts/study/tradeoffs.js';
import { close } from '../close.js';
import { mixed } from '../contract/fixtures.js';
import { threeTables } from './lines.js';
import { tradeoffLinesOf } from './tradeoff-lines.js';

const test = suite('tradeoffs');
const backend = await wasmBackend();
const data = mixed({ rows: 120, positives: 40 });
const setting: TradeoffSetting = { seed: 1, version: '1', methods: [], rows: 12 };
const measure = (split: number, more: Partial<TradeoffSetting> = {}) =>
  runTradeoffs({ dataset: data.name, split }, data, { ...setting, ...more }, { backend });

const TIMES = ['ms_per_1000', 'seconds', 'train_s', 'peak_mb'];
const numbersOf = (lines: readonly TradeoffLine[]) =>
  lines.map((line) => Object.fromEntries(Object.entries(line).filter(([name]) => !TIMES.includes(name))));
const fields = (line: TradeoffLine | undefined) => Object.keys(line ?? {}).sort();
const LIKENESS = ['mmd2_u', 'mmd2_u_floor', 'nearest_ratio'];
const IDENTITY = ['dataset', 'kind', 'seed', 'split', 'version'];

const short = await measure(5);

test('a split samples one model in all ways, the reference among them', () => {
  assert.equal(
    short.map((line) => (line.kind === 'sampling' ? wayKey(line) : line.kind)),
    samplingWays(5).map(wayKey),
  );
  assert.ok(short.some((line) => line.kind === 'sampling' && wayKey(line) === wayKey(REFERENCE)));
  for (const line of short) {
    assert.equal(fields(line), [...IDENTITY, ...LIKENESS, 'ms_per_1000', 'sampler', 'steps', 'timesteps'].sort());
    if (line.kind !== 'sampling') continue;
    assert.ok(line.ms_per_1000 > 0 && Number.isFinite(line.mmd2_u) && line.nearest_ratio! > 0);
    assert.is(line.mmd2_u_floor, (short[0] as typeof line).mmd2_u_floor, 'one floor a split');
  }
  assert.ok(new Set(short.map((line) => line.kind === 'sampling' && line.mmd2_u)).size > samplingWays(5).length / 2, 'ways differ');
});

test('the numbers depend on seed, table and split alone', async () => {
  assert.equal(numbersOf(await measure(5, { methods: ['smote', 'tabddpm'] })), numbersOf(short));
  assert.not.equal(
    numbersOf(await measure(6)).map(({ mmd2_u }) => mmd2_u),
    numbersOf(short).map(({ mmd2_u }) => mmd2_u),
  );
});

test('the first splits also watch the methods that train', async () => {
  const lines = await measure(0, { methods: ['none', 'smote', 'tabddpm'] });
  const watched = lines.filter((line) => line.kind === 'convergence');
  assert.ok(watched.length >= 4 && watched.every(({ method }) => method === 'tabddpm'));
  assert.equal(fields(watched[0]), [...IDENTITY, ...LIKENESS, 'loss', 'method', 'seconds', 'step'].sort());
  for (const [i, { step, seconds, loss, mmd2_u }] of watched.entries()) {
    assert.ok(i === 0 || (step > watched[i - 1]!.step && seconds >= watched[i - 1]!.seconds));
    assert.ok(Number.isFinite(loss) && Number.isFinite(mmd2_u));
  }
  const costs = lines.filter((line) => line.kind === 'cost');
  assert.equal(
    costs.map(({ method }) => method),
    ['smote', 'tabddpm'],
  );
  assert.equal(fields(costs[0]), [...IDENTITY, ...LIKENESS, 'method', 'model_kb', 'ms_per_1000', 'peak_mb', 'train_s'].sort());
  const [smote, tabddpm] = costs;
  assert.is(smote!.model_kb, null);
  assert.ok(tabddpm!.model_kb! > 100 && tabddpm!.train_s > smote!.train_s && tabddpm!.peak_mb > smote!.peak_mb);
  // what was drawn at the end of the training is what the trained model draws
  assert.is(watched.at(-1)!.mmd2_u, tabddpm!.mmd2_u);
});

test('a part that fails leaves a line, and the others go on; a cancelled task leaves nothing', async () => {
  const broken = { ...backend, fork: () => Promise.reject(new Error('no memory left')) };
  const lines = await runTradeoffs({ dataset: data.name, split: 0 }, data, { ...setting, methods: ['smote'] }, { backend: broken });
  assert.is(lines.filter(({ kind }) => kind === 'sampling').length, samplingWays(0).length);
  const [failed] = lines.filter((line) => line.kind === 'failed');
  assert.equal([failed?.part, failed?.error], ['smote', 'no memory left']);
  assert.not(finishedTradeoffs(lines, ['smote']).size);
  const stop = new AbortController();
  stop.abort();
  try {
    await runTradeoffs({ dataset: data.name, split: 0 }, data, setting, { backend, signal: stop.signal });
    assert.unreachable('it went on');
  } catch (error) {
    assert.instance(error, CancelledError);
  }
});

test('a task is finished when nothing of it lacks, for the methods of the study', () => {
  const lines = tradeoffLinesOf(['a', 'b'], 4);
  const all = listTradeoffs(['a', 'b'], 4).map(({ dataset, split }) => `${dataset}\t${split}`);
  assert.equal([...finishedTradeoffs(lines, ['none', 'smote', 'tabddpm'])].sort(), [...all].sort());
  assert.equal([...finishedTradeoffs(lines, ['tvae'])].sort(), ['a\t3', 'b\t3'], 'tvae was never measured; later splits need no method');
  for (const [i, line] of lines.entries()) {
    if (line.kind === 'convergence') continue;
    const key = `${line.dataset}\t${line.split}`;
    const less = finishedTradeoffs(
      lines.filter((_, at) => at !== i),
      ['smote', 'ctgan', 'tabddpm'],
    );
    assert.not(less.has(key), `${key} without ${JSON.stringify(line)}`);
    assert.is(less.size, all.length - 1);
  }
  assert.equal(costedMethods(['none', 'rose', 'smote', 'tabddpm-joint', 'tvae'], 0), ['rose', 'smote', 'tvae']);
});

const names = threeTables.map(({ name }) => name);
const summaryOf = (lines: readonly TradeoffLine[]) => summariseTradeoffs(lines, threeTables) as Tradeoffs;
const said = ({ sentences }: Tradeoffs) => sentences.join('\n');

test('differences are taken on the same splits, whatever the order of the lines', () => {
  assert.is(summariseTradeoffs([], threeTables), null);
  const lines = tradeoffLinesOf(names, 10, { pbc_visits: { ddim: 0.004 } });
  const summary = summaryOf(lines);
  assert.equal(summaryOf([...lines].reverse().sort((a, b) => a.split - b.split)).few_steps, summary.few_steps);
  const [, pbc] = summary.tables;
  assert.equal([pbc?.dataset, pbc?.splits], ['pbc_visits', 10]);
  const way = (sampler: string, steps: number) => pbc?.sampling.find((one) => one.sampler === sampler && one.steps === steps);
  close(way('ddim', 20)!.difference!.mean, 0.004, { abs: 0.0004 });
  assert.ok(way('ddim', 20)!.difference!.se! < 0.0003, 'the spread that all ways of a split share does not count');
  assert.ok(way('ddim', 20)!.excess!.sd! > 0.0003);
  assert.is(way('ddim', 1000)!.difference!.n, 3);
  assert.equal(way('ddpm', 1000)!.difference, { n: 10, mean: 0, se: 0 });
  const ctgan = pbc?.convergence.find(({ method }) => method === 'ctgan');
  assert.equal(
    ctgan?.points.map(({ step }) => step?.mean),
    [51, 101, 201, 401],
  );
  close(ctgan!.points[0]!.excess!.mean, 0.04 + 0.4, { rel: 1e-9 });
});

test('when few steps hold everywhere it says so, with the figures', () => {
  const summary = summaryOf(tradeoffLinesOf(names, 10, { pbc_visits: { ddim: 0.004 }, support2_icu: { 'dpm++': -0.001 } }));
  const of = (sampler: string) => summary.few_steps.find((way) => way.sampler === sampler);
  assert.equal([of('ddpm')?.holds, of('ddim')?.holds, of('dpm++')?.holds], [true, false, true]);
  assert.match(
    said(summary),
    /^20 steps are enough\. DDPM and DPM-Solver\+\+ with 20 steps keep the fidelity of 1,000 steps of DDPM on all 3 tables/,
  );
  assert.match(said(summary), /the best, DPM-Solver\+\+: .*−0\.00\d\d ± 0\.000\d on SUPPORT2.*over 10 splits/);
  assert.match(said(summary), /Two standard errors do not reach beyond that\./);
  assert.match(said(summary), /DDIM with 20 steps does not\. It loses fidelity on PBC visits/);
  assert.match(
    said(summary),
    /20 steps of D\S+ are the quickest that keep it\. .*120 ms instead of 6\.0 s on Breast cancer Wisconsin \(50 times faster\)/,
  );
  assert.not.match(said(summary), /few for such a statement/);
});

test('when few steps do not hold it says that, and where', () => {
  const lost = { ddpm: 0.003, ddim: 0.005, 'dpm++': 0.002 };
  const summary = summaryOf(tradeoffLinesOf(names, 10, { breast_cancer: lost }));
  assert.ok(summary.few_steps.every(({ holds }) => !holds));
  assert.match(
    said(summary),
    /^20 steps are not enough\. No sampler keeps the fidelity of 1,000 steps of DDPM on all 3 tables with 20 steps/,
  );
  for (const name of ['DDPM', 'DDIM', 'DPM-Solver\\+\\+'])
    assert.match(said(summary), new RegExp(`${name} with 20 steps does not\\. It loses fidelity on Breast cancer Wisconsin: \\+0\\.00`));
  assert.not.match(said(summary), /steps are enough/);
  assert.match(said(summary), /(50|100) steps of D\S+ are the quickest that keep it/);
});

test('few splits, a wide spread and a single table are named as such', () => {
  assert.match(said(summaryOf(tradeoffLinesOf(names, 2))), /2 splits are few for such a statement/);
  const lines = tradeoffLinesOf(['pbc_visits'], 10).map(
    (line): TradeoffLine =>
      line.kind === 'sampling' && line.steps === 20 ? { ...line, mmd2_u: line.mmd2_u! + (line.split % 2 ? 0.004 : -0.004) } : line,
  );
  assert.match(said(summaryOf(lines)), /20 steps are enough.* on the table;.*On PBC visits two standard errors reach beyond that/);
  // without the reference nothing is said about steps
  const without = tradeoffLinesOf(names, 4).filter((line) => line.kind !== 'sampling' || wayKey(line) !== wayKey(REFERENCE));
  assert.equal(summaryOf(without).few_steps, []);
  assert.not.match(said(summaryOf(without)), /steps/);
});

test('convergence: when the rows are as good as at the end', () => {
  assert.match(
    said(summaryOf(tradeoffLinesOf(names, 3))),
    /TabDDPM\. Its rows are as near to unseen patients as at the end of its training \(within 0\.001\) after 2\.0 s of 4\.0 s on Breast cancer Wisconsin, 2\.0 s of 4\.0 s on PBC/,
  );
});

test('what to take where follows the figures and the needs', () => {
  const lines = tradeoffLinesOf(names, 10);
  const advice = (some: readonly TradeoffLine[]) => new Map(summaryOf(some).deployments.map(({ place, advice: text }) => [place, text]));
  const all = advice(lines);
  assert.equal([...all.keys()], ['Server', 'Laptop', 'Bedside device', 'Page in a browser']);
  assert.match(
    all.get('Server')!,
    /^TabDDPM: mean excess MMD² \+0\.0020; at most 4\.0 s of training, 300 ms for 1,000 rows, 5 MB, a model of 560 kB/,
  );
  assert.match(all.get('Laptop')!, /A diffusion model of 1,000 steps is sampled there by 20 steps of D/);
  // TabDDPM's 300 ms are too long for a device ten times slower: it is sampled in fewer steps
  assert.match(all.get('Bedside device')!, /^TabDDPM of 1,000 steps, sampled by 20 steps of D\S+: .* 120 ms for 1,000 rows/);
  const lost = Object.fromEntries(names.map((name) => [name, { ddpm: 0.01, ddim: 0.01, 'dpm++': 0.01 }]));
  // where few steps do not hold, CTGAN, less faithful, meets the needs
  assert.match(advice(tradeoffLinesOf(names, 10, lost)).get('Bedside device')!, /^CTGAN: .* No way of sampling a diffusion model/);
  const slower = lines.map((line): TradeoffLine => (line.kind === 'cost' ? { ...line, train_s: 10 * line.train_s + 30 } : line));
  assert.match(advice(slower).get('Page in a browser')!, /^No method that was measured meets this on every table\./);
  assert.equal(summaryOf(lines.filter(({ kind }) => kind === 'sampling')).deployments, []);
});

test.run();
