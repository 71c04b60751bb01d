import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { InputError } from '../../ts/errors.js';
import { newDocument } from '../../ts/node/document.js';
import { renderReport } from '../../ts/report/report.js';
import { f1Table, flatTable, mmdTable } from '../../ts/report/tables.js';
import type { Line } from '../../ts/study/groups.js';
import type { Manifest } from '../../ts/study/manifest.js';
import type { ResultLine } from '../../ts/study/result.js';
import { summarise } from '../../ts/study/summarise.js';
import type { TradeoffLine } from '../../ts/study/tradeoff-lines.js';
import { methodTitle } from '../../ts/study/words.js';
import { facts, failureOf, linesOf, manifestOf } from '../study/lines.js';
import { tradeoffLinesOf } from '../study/tradeoff-lines.js';
import { faults, parsed, rowsOf, sound, texts } from './page.js';

const { special } = await wasmBackend();
const test = suite('report/report');

const pageOf = (lines: readonly Line[], manifest: Manifest): string =>
  renderReport(summarise(lines, manifest, special), lines, manifest, newDocument());

const whole = manifestOf({ splits: 5 });
const wholeLines = linesOf(whole);
const wholePage = pageOf(wholeLines, whole);

test('a whole study: every table, every figure, in sound HTML', () => {
  const document = sound(wholePage);
  for (let i = 1; i <= 9; i++) assert.ok(document.querySelector(`#table-${i} table`), `table ${i}`);
  assert.not.ok(document.querySelector('#table-10'), 'no failures, no table of them');
  assert.match(document.querySelector('#failures')?.textContent ?? '', /every cell that ran has a result/);
  // PR curves at two ratios, AP by method, for three data sets; one of mean ranks, one of training
  assert.is(document.querySelectorAll('figure').length, 3 * 2 + 3 + 2);
  assert.match(texts(document, 'figcaption')[0] ?? '', /Fig\. 1\. Precision–recall curves, PBC visits/);
  assert.is(document.querySelectorAll('#figure-1 .legend li').length, 5);
  assert.is(document.querySelectorAll('nav li').length, document.querySelectorAll('main > section').length);
  assert.is(document.querySelectorAll('.verdict').length, 3);
  const titles = texts(document, 'h1, h2, .answers');
  assert.match(titles[0] ?? '', /Do synthetic minority patients help\? A study on 3 clinical data sets/);
  assert.match(document.querySelector('.answers')?.textContent ?? '', /SUPPORT2/);
});

test('Table 1 and Table 2 put the paper beside our means', () => {
  const document = parsed(wholePage);
  const [smote] = rowsOf(document, 'table-1').filter(([method]) => method === 'SMOTE');
  assert.equal([smote?.[1], smote?.[4], smote?.[7]], ['1\u00a0:\u00a01', '0.213', '5']);
  assert.match(smote?.[2] ?? '', /^0\.1\d\d\u00a0±\u00a00\.0\d\d$/);
  const plain = rowsOf(document, 'table-2').filter(([method]) => method === 'Nothing added');
  assert.equal(
    plain.map((row) => [row[1], row.at(-2)]),
    [
      ['–', '0.84'],
      ['–', '0.41'],
      ['–', '0.51'],
    ],
  );
  assert.match(
    document.querySelector('#table-2 .notes')?.textContent ?? '',
    /Islam & Akhter 2024.*No implementation that we know reproduces.*CTGAN 0\.89/s,
  );
});

test('mean ranks: a row a method, a panel a number, bars and ruler, and the verdict on TabDDPM', () => {
  const document = parsed(wholePage);
  const { rankings, overall } = summarise(wholeLines, whole, special);
  assert.is(rowsOf(document, 'rank-table').length, 5);
  assert.equal(
    rowsOf(document, 'rank-tests').map((row) => row.slice(1, 3)),
    [...new Array(5).fill(['5', '6']), ['3', '3']],
  );
  const panels = [...document.querySelectorAll('#mean-ranks .panel')];
  assert.is(panels.length, rankings.length);
  panels.forEach((panel, i) => {
    const { methods, bars } = rankings[i] as (typeof rankings)[number];
    const labels = [...panel.querySelectorAll('[aria-label="y-axis tick label"] text')].map((node) => node.textContent);
    assert.equal(labels.length, methods.length + 1);
    assert.is(labels[0], 'Critical difference');
    assert.is(panel.querySelectorAll('[aria-label="link"] path').length, bars.length);
    assert.is(panel.querySelectorAll('[aria-label="dot"] path, [aria-label="dot"] circle').length, methods.length);
  });
  assert.is(document.querySelectorAll('.overall li').length, overall.length);
  assert.ok(overall.length > 0);
});

test('the terminal’s tables are the page’s', () => {
  const summary = summarise(wholeLines, whole, special);
  for (const table of [mmdTable(summary), f1Table(summary)]) {
    const { head, rows } = flatTable(table);
    assert.ok(rows.every((row) => row.length === head.length));
    assert.is(rows.filter(([first]) => first !== '').length, 3);
  }
});

test('the record names seed, version, backend and every file’s digest', () => {
  const text = parsed(wholePage).querySelector('#record')?.textContent ?? '';
  for (const fact of ['synthward 0.1.0', 'wasm, simd', 'paper', '0f'.repeat(32), 'breast_cancer.csv', 'node 20.20.2'])
    assert.ok(text.includes(fact), fact);
});

test('names are text, whatever they hold', () => {
  const evil = '</style></script><script>alert(1)</script><img src=x onerror=alert(2)>"\'&amp;\u0000\u001b';
  const manifest = manifestOf({
    datasets: [facts(evil, { title: evil, file: evil, target: evil, positive: evil, source: evil, licence: evil })],
    methods: ['none', 'smote', evil],
    classifiers: ['rf', evil],
    splits: 2,
    ratios: [1],
    preset: evil,
    machine: { engine: evil, platform: evil, cpu: evil, cores: 1, memory_mb: 1 },
  });
  const lines: Line[] = linesOf(manifest);
  lines.push(failureOf({ ...(lines[0] as ResultLine), split: 7 }, evil));
  const page = pageOf(lines, manifest);
  assert.equal(faults(page), []);
  const document = parsed(page);
  assert.is(document.querySelectorAll('script, img').length, 0);
  assert.not.match(page, /<[^>]*\sonerror=(?![^>]*")/);
  assert.ok((document.querySelector('#table-10')?.textContent ?? '').includes('<img src=x onerror=alert(2)>'));
  assert.ok((document.querySelector('.verdict h3')?.textContent ?? '').includes('<script>alert(1)</script>'));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be in the page
  assert.not.match(page, /[\u0000\u001b]/);
});

test('names of JavaScript’s own are plain data', () => {
  const manifest = manifestOf({
    datasets: [facts('__proto__')],
    methods: ['none', 'constructor', '__proto__', 'toString'],
    splits: 2,
    ratios: [1],
  });
  sound(pageOf(linesOf(manifest), manifest));
});

test('simulated data are called so wherever their numbers stand', () => {
  const title = 'Simulated ICU cohort (simulated, not patients)';
  const own = [
    facts('simulated_icu', { title, simulated: true }),
    facts('ward', { title: 'ward (simulated, not patients)', simulated: true }),
  ];
  const alone = manifestOf({ datasets: own, splits: 3, ratios: [1] });
  const document = sound(pageOf(linesOf(alone), alone));
  assert.match(document.querySelector('h1')?.textContent ?? '', /2 simulated data sets$/);
  assert.match(document.querySelector('.simulated')?.textContent ?? '', /^All data of this study are simulated: no row is a patient/);
  const headings = texts(document, 'tr.group, .verdict h3, .answers li, figcaption strong');
  assert.ok(headings.length > 20);
  for (const heading of headings) assert.match(heading, /simulated|Fig\. \d+\. Training/i);

  const both = manifestOf({ datasets: [facts('a', { title: 'Table A' }), ...own.slice(1)], splits: 3, ratios: [1] });
  const lines = linesOf(both);
  const mixed = sound(pageOf(lines, both));
  assert.match(mixed.querySelector('h1')?.textContent ?? '', /1 clinical data set and 1 simulated data set$/);
  assert.match(mixed.querySelector('.simulated')?.textContent ?? '', /^ward \(simulated, not patients\): these data are simulated/);
  const summary = summarise(lines, both, special);
  assert.equal(
    summary.verdicts.map(({ headline }) => headline.startsWith('On simulated data, no patients: ')),
    [false, true],
  );
  for (const table of [f1Table(summary), mmdTable(summary)]) {
    assert.equal(
      table.groups.map(({ name }) => name),
      ['a', 'ward (simulated)'],
    );
  }
  const paperCells = mmdTable(summary).groups.map(({ rows }) => rows.some((row) => row[4] !== '–'));
  assert.equal(paperCells, [true, false], 'published figures do not stand beside simulated ones');
  const real = manifestOf({ datasets: [facts('a')], splits: 3, ratios: [1] });
  assert.not.match(pageOf(linesOf(real), real), /simulated/i);
});

test('of many methods the main ones are drawn, and all stand in the tables', () => {
  const many = ['none', 'weight', 'tuned', 'random', 'smote', 'rose', 'copula', 'ctgan', 'tvae', 'tabddpm', 'tabddpm-joint', 'rose-blend'];
  const manifest = manifestOf({ methods: many, splits: 2, ratios: [1] });
  const document = sound(pageOf(linesOf(manifest), manifest));
  const figure = document.querySelector('figure') as Element;
  const legend = [...figure.querySelectorAll('.legend li')].map((item) => item.textContent);
  assert.equal(legend, ['none', 'weight', 'tuned', 'smote', 'rose', 'ctgan', 'tvae', 'tabddpm'].map(methodTitle));
  const colours = [...figure.querySelectorAll('.legend line')].map((line) => line.getAttribute('style'));
  assert.is(new Set(colours).size, legend.length);
  for (const method of many) assert.ok(figure.querySelector('details')?.textContent?.includes(methodTitle(method)), method);
});

test('failures are listed, and stay out of the list once their cell has a result', () => {
  const manifest = manifestOf({ datasets: [facts('a', { title: 'Table A' })], splits: 3, ratios: [1] });
  const lines = linesOf(manifest);
  const [first, second] = lines as [ResultLine, ResultLine];
  const mixed: Line[] = [...lines.slice(1), failureOf(first, 'training diverged'), failureOf(second, 'gone since')];
  const document = sound(pageOf(mixed, manifest));
  const text = document.querySelector('#table-10')?.textContent ?? '';
  assert.match(text, /training diverged/);
  assert.not.match(text, /gone since/);
  const few = lines.map((line) =>
    line.method === 'tabddpm' && line.split !== 1 ? failureOf(line, `needs 90 rows, got ${7 + line.split}`) : line,
  );
  const [row, ...more] = rowsOf(sound(pageOf(few, manifest)), 'table-10');
  assert.equal(row?.slice(1), ['1\u00a0:\u00a01', 'Random forest, Boosting', '0, 2', '2', 'needs 90 rows, got 7']);
  assert.equal(more, [], 'one row a reason, whatever its numbers');
});

test('one split: means without spread, no p-values, no verdict', () => {
  const manifest = manifestOf({ splits: 1, tuned: false });
  const document = sound(pageOf(linesOf(manifest), manifest));
  assert.not.match(rowsOf(document, 'table-2').flat().join(' '), /±/);
  assert.is(
    rowsOf(document, 'table-8').every((row) => row.slice(3).every((cell) => cell === '–' || cell.endsWith('p\u00a0–)'))),
    true,
  );
  assert.equal([...new Set(texts(document, '.verdict .answer'))], ['Too few splits for a verdict']);
  assert.match(document.querySelector('#table-2 .notes')?.textContent ?? '', /No cut-off was tuned in this run/);
});

test('a user’s own table, one classifier, two methods: no figures of the paper, no gaps', () => {
  const manifest = manifestOf({
    datasets: [facts('ward', { title: 'ward' })],
    methods: ['none', 'tabddpm'],
    classifiers: ['xgb'],
    splits: 2,
    ratios: [0.5],
  });
  const document = sound(pageOf(linesOf(manifest), manifest));
  assert.match(document.querySelector('h1')?.textContent ?? '', /A study on ward$/);
  assert.equal(
    rowsOf(document, 'table-2').map((row) => row.at(-2)),
    ['–', '–'],
  );
  assert.not.match(document.querySelector('#table-2 .notes')?.textContent ?? '', /Paper/);
  assert.match(document.querySelector('#data-sets')?.textContent ?? '', /the user’s own file ward\.csv/);
});

test('a ratio that a data set has already is told', () => {
  const manifest = manifestOf({ datasets: [facts('a', { title: 'Table A' })], methods: ['none', 'smote'], splits: 2 });
  const lines = linesOf(manifest).map((line) => (line.ratio === 0.25 ? { ...line, n_synth: 0, mmd_b: null } : line));
  assert.match(
    sound(pageOf(lines, manifest)).querySelector('#table-2 .notes')?.textContent ?? '',
    /No rows were added to Table A at 1.:.4:/,
  );
});

test('axes on a narrow range keep enough digits to tell their ticks apart', () => {
  const manifest = manifestOf({ datasets: [facts('a')], splits: 3, ratios: [1] });
  const lines = linesOf(manifest).map((line) => ({ ...line, ap: 0.99 + (line.ap as number) / 200 }));
  const document = sound(pageOf(lines, manifest));
  const ticks = texts(document, '#figure-2 .panel:first-child [aria-label="x-axis tick label"] text');
  assert.ok(ticks.length > 2);
  assert.is(new Set(ticks).size, ticks.length, ticks.join(' '));
});

test('without synthetic rows, without results, and with nothing but nulls the page still stands', () => {
  const free = manifestOf({ methods: ['none', 'weight'], splits: 2 });
  const document = sound(pageOf(linesOf(free), free));
  assert.match(document.querySelector('#main-results')?.textContent ?? '', /No synthetic rows were made/);
  assert.not.ok(document.querySelector('#table-1'));
  sound(pageOf([], free));
  const manifest = manifestOf({ datasets: [facts('a')], splits: 2, ratios: [1] });
  const kept = [
    'split',
    'ratio',
    'seed',
    'n_train',
    'n_pos_train',
    'n_pos_test',
    'n_synth',
    'fit_s',
    'sample_s',
    'classifier_s',
    'memory_mb',
  ];
  const blank = linesOf(manifest).map((line) =>
    Object.fromEntries(Object.entries(line).map(([key, value]) => [key, typeof value === 'string' || kept.includes(key) ? value : null])),
  ) as unknown as ResultLine[];
  sound(pageOf(blank, manifest));
  const failed = linesOf(manifest).map((line) => failureOf(line, 'no memory'));
  const all = sound(pageOf(failed, manifest));
  assert.equal(
    rowsOf(all, 'table-10'),
    manifest.methods.map((method) => [methodTitle(method), '1\u00a0:\u00a01', 'Random forest, Boosting', '0–1', 'none', 'no memory']),
  );
});

test('equal input gives an equal page; without a document there is a plain error', () => {
  assert.is(pageOf([...wholeLines].reverse(), whole), wholePage);
  const summary = summarise(wholeLines, whole, special);
  assert.throws(
    () => renderReport(summary, wholeLines, whole, undefined),
    (error: unknown) => error instanceof InputError && /"document"/.test(error.message),
  );
});

test('trade-offs: a section with its figures, the words and the costs, where they were measured', () => {
  assert.not.ok(parsed(wholePage).querySelector('#tradeoffs'));
  const manifest = manifestOf({ splits: 3, methods: ['none', 'smote', 'ctgan', 'tabddpm'] });
  const lines = linesOf(manifest);
  const pageWith = (tradeoffs: readonly TradeoffLine[]) =>
    sound(renderReport(summarise(lines, manifest, special, [], tradeoffs), lines, manifest, newDocument()));
  const made = tradeoffLinesOf(
    manifest.datasets.map(({ name }) => name),
    10,
    { pbc_visits: { ddim: 0.004 } },
  );
  const document = pageWith(made);
  const section = document.querySelector('#tradeoffs') as Element;
  assert.is(section.querySelectorAll('figure').length, 3 + 3);
  const captions = [...section.querySelectorAll('figcaption')].map((node) => node.textContent ?? '');
  assert.match(captions[0] ?? '', /Fig\. \d+\. Ways of sampling one diffusion model, Breast cancer/);
  assert.match(captions[3] ?? '', /Fig\. \d+\. Convergence, Breast cancer/);
  const numbers = texts(document, 'figcaption').map((text) => Number(/Fig\. (\d+)\./.exec(text)?.[1]));
  assert.equal(
    numbers,
    numbers.map((_, i) => i + 1),
    'figures are numbered as they stand',
  );
  assert.match(section.textContent ?? '', /20 steps are enough\..*DDIM with 20 steps does not\..*PBC visits/s);
  assert.equal(
    [...section.querySelectorAll('dt')].map((node) => node.textContent),
    ['Server', 'Laptop', 'Bedside device', 'Page in a browser'],
  );
  const labels = [...section.querySelectorAll('[role=img]')].map((node) => node.getAttribute('aria-label') ?? '');
  assert.ok(labels.some((label) => /DDIM with 20 steps \+0\.00\d\d ± 0\.000\d, beyond the margin/.test(label)));
  const [smote, ctgan, tabddpm] = rowsOf(document, 'tradeoff-costs');
  assert.equal([smote?.[0], smote?.[3], ctgan?.[0], tabddpm?.[3]], ['SMOTE', '–', 'CTGAN', '560']);

  const identity = { dataset: 'pbc_visits', split: 1, seed: 1, version: '1' };
  const failed: TradeoffLine = { kind: 'failed', ...identity, part: 'ctgan', error: 'training <diverged>' };
  assert.match(pageWith([...made, failed]).querySelector('#tradeoffs')?.textContent ?? '', /split 1, CTGAN: training <diverged>/);
  // one split of one table, without the reference, and nothing but a failure
  pageWith(made.filter(({ dataset, split }) => dataset === 'pbc_visits' && split === 0));
  pageWith(made.filter((line) => line.kind === 'sampling' && line.steps < 100));
  pageWith([failed]);
});

test.run();
