/** The section on what synthetic patients look like: sound, in words, and the same whatever the order. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { newDocument } from '../../ts/node/document.js';
import { boxOf, changePicture, histogramsPicture, scatterPicture, tick } from '../../ts/report/portrait-pictures.js';
import { columnSentences, subgroupSentences, worstText } from '../../ts/report/portrait-words.js';
import { renderReport } from '../../ts/report/report.js';
import { type Portrait, portraitOf } from '../../ts/study/portrait.js';
import { summarise } from '../../ts/study/summarise.js';
import type { ColumnSummary, Interval, PortraitSummary, SubgroupSummary } from '../../ts/study/summary.js';
import { type Dataset, rowsWhere, type Table, takeDataset, takeRows } from '../../ts/table/table.js';
import { awkward, mixed, numeric } from '../contract/fixtures.js';
import { facts, linesOf, manifestOf } from '../study/lines.js';
import { faults, parsed, rowsOf, sound, texts } from './page.js';

const { special } = await wasmBackend();
const test = suite('report/portraits');

const minority = ({ features, y }: Dataset): Table => takeRows(features, rowsWhere(y, 1));

/** Portraits of a table on a few splits, of methods that are other samples of the same table. */
function portraitsOf(name: string, make: typeof mixed, methods: readonly string[], splits: number): Portrait[] {
  const data = make({ rows: 240, positives: 120 });
  return Array.from({ length: splits }, (_, split) => {
    const rows = Uint32Array.from({ length: 240 }, (_, i) => (i + split * 30) % 240);
    const [train, test] = [takeDataset(data, rows.slice(0, 180)), takeDataset(data, rows.slice(180))];
    return methods.map((method, i) => {
      const judged = method === 'random' ? minority(train) : minority(make({ rows: 200, positives: 150, seed: 10 * i + split }));
      return portraitOf({ dataset: name, split, method, ratio: 1 }, train, test, judged);
    });
  }).flat();
}

const METHODS = ['none', 'random', 'smote', 'rose', 'ctgan', 'tvae', 'tabddpm'];
const MAKERS = METHODS.slice(1);
const manifest = manifestOf({
  datasets: [facts('ward', { title: 'Ward' }), facts('lab', { title: 'Laboratory' })],
  methods: METHODS,
  splits: 3,
  ratios: [1],
});
const lines = linesOf(manifest);
const portraits = [...portraitsOf('ward', mixed, MAKERS, 3), ...portraitsOf('lab', numeric, MAKERS, 3)];
const pageOf = (some: readonly Portrait[]): string =>
  renderReport(summarise(lines, manifest, special, some), lines, manifest, newDocument(), some);
const page = pageOf(portraits);

test('a part a data set: sentences, tables and three figures, the main methods in the open', () => {
  const document = sound(page);
  assert.equal(texts(document, '#portraits h3'), ['Ward', 'Laboratory']);
  for (const part of ['shapes', 'shapes-all', 'changes', 'changes-rest', 'scatter', 'scatter-rest']) {
    assert.ok(document.querySelector(`#portrait-1-${part}`), part);
  }
  const panels = (figure: string) => texts(document, `#portrait-1-${figure} .panel-title`);
  assert.equal(panels('shapes'), ['SMOTE', 'ROSE', 'CTGAN', 'TabDDPM']);
  assert.equal(panels('scatter-rest'), ['Random copies', 'TVAE']);
  assert.is(panels('shapes-all').length, MAKERS.length);
  assert.is(document.querySelectorAll('#portrait-1-shapes .panel:first-child path.real').length, 7);
  const captions = texts(document, '#portraits figcaption');
  assert.equal(
    captions.map((text) => Number(/Fig\. S(\d+)\./.exec(text)?.[1])),
    captions.map((_, i) => i + 1),
    'figures are numbered as they stand',
  );
  assert.match(captions.join(' '), /Fig\. S\d+\. Shapes of all columns, Laboratory\./);
  assert.ok(document.querySelector('#portrait-1-changes-rest')?.closest('details'));
  assert.not.ok(document.querySelector('#portrait-1-changes')?.closest('details'));
});

test('the tables: every column and every kind of patient', () => {
  const document = sound(page);
  const columns = rowsOf(document, 'portrait-1-columns');
  assert.equal(columns.map(([name]) => name).sort(), ['age', 'gcs', 'lactate', 'score', 'sex', 'stage', 'ward']);
  assert.is(columns[0]?.length, 3 + MAKERS.length);
  const gaps = rowsOf(document, 'portrait-1-missing').map(([name]) => name);
  assert.equal(gaps, ['lactate', 'ward', 'gcs']);
  const groups = texts(document, '#portrait-1-subgroups tr.group');
  assert.equal(groups.slice(3), ['sex: f', 'sex: m']);
  assert.match(groups[0] as string, /^age: under \d\d$/);
  const copies = rowsOf(document, 'portrait-1-subgroups')[0] as string[];
  assert.is(copies[0], 'Random copies');
  assert.match(copies[3] as string, /^0\.0 \(0\.0.to.0\.0\)$/);
  assert.match(
    document.querySelector('#portraits')?.textContent ?? '',
    /No column of this data set is named after sex, age, race or ethnicity/,
  );
});

test('without portraits there is no section, and with them no real row is promised away', () => {
  const without = sound(pageOf([]));
  assert.not.ok(without.querySelector('#portraits'));
  assert.not.match(without.querySelector('footer')?.textContent ?? '', /as points/);
  assert.match(sound(page).querySelector('footer')?.textContent ?? '', /real patients as points on two summary axes/);
});

test('the order of portraits changes nothing; the pictures of a later split are not needed', () => {
  assert.is(pageOf([...portraits].reverse()), page);
  const bare = portraits.map((portrait) => ({ ...portrait, pictures: null }));
  const document = sound(pageOf(bare));
  assert.is(document.querySelectorAll('#portraits figure').length, 0);
  assert.ok(document.querySelector('#portrait-1-columns'));
});

test('awkward columns, odd names and constants: the page stays sound', () => {
  const evil = '<img src=x onerror=alert(1)>"&';
  const odd = portraitsOf('ward', awkward, ['smote'], 2).map((portrait) => ({
    ...portrait,
    columns: portrait.columns.map((column, i) => (i === 0 ? { ...column, name: evil } : column)),
    pictures: portrait.pictures && {
      ...portrait.pictures,
      histograms: portrait.pictures.histograms.map((histogram, i) => (i === 0 ? { ...histogram, column: evil } : histogram)),
      correlations: {
        ...portrait.pictures.correlations,
        columns: portrait.pictures.correlations.columns.map((name, i) => (i === 0 ? evil : name)),
      },
    },
  }));
  const made = pageOf(odd);
  assert.equal(faults(made), []);
  const document = parsed(made);
  assert.is(document.querySelectorAll('img').length, 0);
  assert.match(document.querySelector('#portrait-1-columns')?.textContent ?? '', /<img src=x/);
});

const statistic = (mean: number) => ({ n: 3, mean, sd: 0.01 });
const column = (name: string, test: number, floor = 0.1): ColumnSummary => ({
  ...{ name, kind: 'numeric', test: statistic(test), training: statistic(test), floor: statistic(floor) },
  ...{ missing_real: 0, missing_synthetic: 0 },
});
const subgroup = (group: string, difference: Interval, excess: Interval | null): SubgroupSummary => ({
  ...{ column: 'sex', group, share_training: 0.2, share_test: 0.2, share_synthetic: 0.2 + difference.mean },
  ...{ share_difference: difference, distance: excess && statistic(0.2 + excess.mean), floor: excess && statistic(0.2), excess },
});
const portrayed = (method: string, columns: ColumnSummary[], subgroups: SubgroupSummary[] = []): PortraitSummary => ({
  ...{ dataset: 'd', method, ratio: 1, splits: 3, columns, subgroups },
});
const interval = (mean: number, half: number): Interval => ({ n: 3, mean, low: mean - half, high: mean + half });

test('words: the nearest, the furthest, the hardest columns; copies are not ranked', () => {
  const some = [
    portrayed('random', [column('a', 0), column('b', 0)]),
    portrayed('smote', [column('a', 0.12), column('b', 0.3)]),
    portrayed('ctgan', [column('a', 0.14), column('b', 0.5)]),
  ];
  const [ranks, hard] = columnSentences(some);
  assert.match(ranks as string, /nearest to unseen patients is SMOTE \(\+0\.110\) and the furthest CTGAN \(\+0\.220\)/);
  assert.match(hard as string, /Hardest for all methods together: b \(\+0\.30\), a \(\+0\.03\)|b \(\+0\.30\) and a \(\+0\.03\)/);
  assert.is(worstText(some[2] as PortraitSummary), 'b (KS 0.50, floor 0.10), a (KS 0.14, floor 0.10)');
  assert.is(worstText(some[0] as PortraitSummary), 'none is more than 0.02 beyond its floor');
  assert.equal(columnSentences([some[0] as PortraitSummary]), []);
});

test('words: the most marked group, only where its interval leaves out 0', () => {
  const certain = portrayed(
    'ctgan',
    [],
    [subgroup('f', interval(-0.1, 0.05), interval(0.04, 0.03)), subgroup('m', interval(0.3, 0.4), null)],
  );
  const [share, distance] = subgroupSentences([certain]);
  assert.match(
    share as string,
    /CTGAN has 10% of “sex: f” among its patients where the real ones have 20% \(−10\.0 points, 95% interval −15\.0 to −5\.0; the most marked of 2/,
  );
  assert.match(
    distance as string,
    /worst are the patients of “sex: f” by CTGAN, 0\.24 .* real ones are 0\.20 \(excess \+0\.040, 95% interval \+0\.010 to \+0\.070/,
  );
  const vague = portrayed('ctgan', [], [subgroup('f', interval(-0.1, 0.2), interval(-0.04, 0.01))]);
  assert.match(subgroupSentences([vague]).join(' '), /no method changes the share .*in none of 1 case are/);
  assert.match(
    subgroupSentences([portrayed('ctgan', [], [subgroup('f', interval(0, 0), null)])])[1] as string,
    /no group has ten unseen patients/,
  );
  assert.equal(subgroupSentences([portrayed('ctgan', [])]), []);
});

const series = { method: 'smote', title: 'SMOTE', colour: 'var(--series-1)', dash: 'none', symbol: 'circle' };

test('pictures: heights by share, changes by colour, far points at the edge', () => {
  const bars = histogramsPicture(
    [{ column: 'x', bins: { low: 0, width: 1 }, levels: null, real: [0, 0.5, 0.5], synthetic: [1, 0, 0] }],
    series,
  ).markup;
  assert.match(bars, /class="real" d="M0 66h[\d.]+v-23h[\d.]+h[\d.]+v23z"/);
  assert.match(bars, /d="M0 66v-46h[\d.]+v46h[\d.]+h[\d.]+"/);
  const change = changePicture({ columns: ['a', 'b', 'c'], real: [0.9, 0, null], synthetic: [0.1, 0.02, 0.5] }).markup;
  assert.match(change, /var\(--series-1\);fill-opacity:1\.00" d="M0 26h/, 'a and b lost their correlation');
  assert.is(change.match(/fill:var\(--line\)/g)?.length, 1, 'one is undefined');
  const scatter = { real: [0, 0, 10, 10], synthetic: [5, 5, 1000, -1000], explained: [0.5, 0.25] as const };
  const dots = scatterPicture(scatter, boxOf(scatter), series).markup;
  assert.match(dots, /stroke:var\(--series-1\);stroke-width:3\.6" d="M223 156h0M422 306h0"/);
});

test('ticks are short and true', () => {
  assert.equal([0.004567, -0.5, 12.345, 1234.5, 99999, 0].map(tick), ['0.00457', '−0.5', '12.3', '1235', '99999', '0']);
});

test.run();
