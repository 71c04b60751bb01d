/** The page as a clinician goes through it, to the end and off the road: cancelled, closed, with tables that bite. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listCells, newShared, runCell, TIME_FIELDS } from '../../ts/experiment.js';
import { augment, TabDDPM, Table, toDataset, VERSION, wasmBackend } from '../../ts/index.js';
import { readCsv } from '../../ts/table/csv.js';
import { type Column, isLevelColumn, isNumberColumn } from '../../ts/table/table.js';
import { readSource } from '../../web/table-facts.js';
import { cohortCsv } from '../library/cohort.js';
import { has } from '../requirements.js';
import { leave, visit } from './browser.js';

const test = suite('journey');
const data = (name: string) => readFileSync(new URL(`../../data/${name}`, import.meta.url));

async function upload(page: Page, name: string, text: string | Buffer): Promise<void> {
  await page.setInputFiles('#file', { name, mimeType: 'text/csv', buffer: Buffer.from(text) });
}

const status = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.getElementById('status')?.textContent?.startsWith(wanted), text, { timeout: 120_000 });

async function saved(page: Page, button: string): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click(`text=${button}`)]);
  return readFileSync(await file.path());
}

const rangeOf = (values: Iterable<number>): [number, number] => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) if (!Number.isNaN(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
};

/** Synthetic cells lie in the real range, on whole numbers where the real ones do, or are levels that there are. */
function checkColumn(real: Column, all: Column, synthetic: readonly number[]): void {
  if (isNumberColumn(real) && isNumberColumn(all)) {
    const [low, high] = rangeOf(real.values);
    for (const row of synthetic) {
      const value = all.values[row] as number;
      if (Number.isNaN(value)) assert.ok(real.values.some(Number.isNaN), `${real.name}: missing where no real cell is`);
      else assert.ok(value >= low && value <= high && (real.kind !== 'integer' || Number.isInteger(value)), `${real.name}: ${value}`);
    }
  } else if (isLevelColumn(real) && isLevelColumn(all)) assert.equal(all.levels, real.levels, real.name);
  else assert.is(all.kind, real.kind, real.name);
}

/** The downloaded table: the real rows as they were, then patients of the rare class alone that pass for real ones. */
function checkBalanced(csv: string, original: string, target: string, positive: string): void {
  const [real, all] = [readCsv(original), readCsv(csv)];
  assert.equal(
    all.columns.map(({ name }) => name),
    [...real.columns.map(({ name }) => name), 'synthetic'],
  );
  const cells = csv.trim().split('\n').slice(1);
  const synthetic = cells.flatMap((line, row) => (line.trim().endsWith(',1') ? [row] : []));
  assert.ok(synthetic.length > 0 && synthetic.length === all.rows - real.rows);
  const outcome = all.columns.find(({ name }) => name === target) as Column;
  assert.ok(isLevelColumn(outcome));
  if (isLevelColumn(outcome)) for (const row of synthetic) assert.is(outcome.levels[outcome.codes[row] as number], positive);
  for (const [at, column] of real.columns.entries()) {
    if (column.kind !== 'text') checkColumn(column, all.columns[at] as Column, synthetic);
  }
}

if (has('command:chromium')) {
  const journeys = [
    { name: 'breast_cancer, embedded', target: 'diagnosis', positive: 'M', csv: data('breast_cancer.csv').toString(), embedded: true },
    { name: 'a table with missing values and categories', target: 'died', positive: 'yes', csv: cohortCsv(), embedded: false },
  ];
  for (const { name, target, positive, csv, embedded } of journeys) {
    test(`${name}: learn, cancel, learn again, take table, model and report home`, async () => {
      const { page, outside, complaints, close } = await visit();
      if (embedded) await page.click('[data-table=breast_cancer]');
      else await upload(page, 'cohort.csv', csv);
      await page.waitForSelector('#method:not([hidden])');
      await page.selectOption('#splits', '1');
      await page.click('#start');
      await page.waitForSelector('#loss svg'); // it is learning
      await page.click('#cancel');
      await status(page, 'Cancelled');
      assert.ok(await page.isHidden('#running'));
      await page.click('#start');
      await status(page, 'Done');
      checkBalanced((await saved(page, 'Balanced table (CSV)')).toString(), csv, target, positive);
      const model = await TabDDPM.open(await saved(page, 'Model (safetensors)'));
      assert.is((await model.sample(7, { seed: 1 })).rows, 7);
      assert.match((await saved(page, 'Report (HTML)')).toString(), /<h2 id="verdicts-heading">/);
      assert.equal(outside, []);
      assert.equal(complaints, []);
      await close();
    });
  }

  test('a flow of trees: table and model of the page are those of Node, to the byte', async () => {
    const { page, complaints, close } = await visit();
    await upload(page, 'cohort.csv', cohortCsv());
    await page.waitForSelector('#method:not([hidden])');
    await page.selectOption('#group', 'id');
    await page.selectOption('#method-name', 'forestflow');
    await page.selectOption('#ratio', '1');
    await page.selectOption('#splits', '1');
    await page.click('#start');
    await status(page, 'Done');
    const csv = (await saved(page, 'Balanced table (CSV)')).toString();
    const model = await saved(page, 'Model (safetensors)');
    const holds = await page.textContent('#model-holds');
    assert.equal(complaints, []);
    await close();
    const table = Table.fromCsv(cohortCsv(), { name: 'cohort' });
    const roles = { target: 'died', positive: 'yes', group: 'id' };
    const made = await augment(table, { ...roles, method: 'forestflow', ratio: 1, seed: 1 });
    assert.is(csv, made.table.toCsv());
    assert.ok(model.equals(made.model.save()));
    assert.is(holds, `The model file holds ${made.model.holds()}. It draws more patients on the page “Use a model”.`);
  });

  test('the study page finds what Node finds', async () => {
    const { page, close } = await visit('study.html');
    await page.uncheck('#tables input[value=pbc_visits]');
    for (const method of ['weight', 'tuned', 'rose', 'tabddpm']) await page.uncheck(`#methods input[value=${method}]`);
    await page.selectOption('#splits', '2');
    await page.fill('#workers', '2');
    await page.click('#start');
    await status(page, 'Done');
    const lines = (await saved(page, 'Results (JSON lines)')).toString().trim().split('\n');
    await close();
    const [bytes, description] = [data('breast_cancer.csv'), data('breast_cancer.json').toString()];
    const source = { name: 'breast_cancer', file: 'breast_cancer.csv', content: new Blob([bytes]), description, reading: null };
    const { table, facts } = await readSource(source);
    const { target, positive } = facts.roles as { target: string; positive: string };
    const dataset = toDataset(table.data, { name: 'breast_cancer', target, positive });
    const plan = { datasets: [{ name: 'breast_cancer' }], methods: ['none', 'smote'], ratios: [1], splits: 2 };
    const setting = { seed: 1, classifiers: ['rf', 'xgb'], tuned: false, version: VERSION, portrayedRatio: 1 };
    const own: string[] = [];
    for (const cell of listCells(plan as never)) {
      const outcome = await runCell(cell, dataset, setting, { backend: await wasmBackend(), shared: newShared() });
      own.push(...outcome.lines.map((line) => JSON.stringify(line)));
    }
    const timeless = (line: string) =>
      JSON.stringify(
        Object.fromEntries(Object.entries(JSON.parse(line)).filter(([field]) => !(TIME_FIELDS as readonly string[]).includes(field))),
      );
    assert.equal(lines.map(timeless).sort(), own.map(timeless).sort());
  });

  test('a page that is closed while it learns leaves nothing behind; the next one works', async () => {
    const { page, context, address, complaints, close } = await visit();
    await page.click('[data-table=support2_icu]');
    await page.waitForSelector('#method:not([hidden])');
    await page.click('#start');
    await page.waitForSelector('#loss svg', { timeout: 60_000 });
    await page.close();
    const next = await context.newPage();
    await next.goto(address);
    assert.ok(await next.isHidden('#method'));
    await next.click('[data-table=breast_cancer]');
    await next.waitForSelector('#method:not([hidden])');
    assert.equal(complaints, []);
    await close();
  });

  test('names and cells that would be markup or properties of objects stay text, in page, table and report', async () => {
    const { page, outside, complaints, close } = await visit();
    page.on('dialog', (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    const rows = Array.from({ length: 60 }, (_, row) => {
      const level = row % 3 === 0 ? '"</script><script>alert(1)</script>"' : '<b onmouseover=alert(2)>b</b>';
      return `${row % 7},${level},${row % 5},${row < 12 ? '<i>yes</i>' : 'no'}`;
    });
    await upload(page, '<img src=x onerror=alert(3)>.csv', `__proto__,<img src=x onerror=alert(4)>,constructor,y\n${rows.join('\n')}\n`);
    await page.waitForSelector('#method:not([hidden])');
    await page.selectOption('#target', 'y');
    await page.selectOption('#method-name', 'smote');
    await page.selectOption('#splits', '1');
    await page.click('#start');
    await status(page, 'Done');
    assert.match((await page.textContent('#columns-table')) ?? '', /__proto__/);
    assert.is(await page.locator('main img, main script, main b, main i').count(), 0);
    const csv = (await saved(page, 'Balanced table (CSV)')).toString();
    assert.match(csv, /^__proto__,<img src=x onerror=alert\(4\)>,constructor,y,synthetic/);
    assert.not.match((await saved(page, 'Report (HTML)')).toString(), /<img src=x|<b onmouse|<script>alert|<i>yes/);
    assert.equal(outside, []);
    assert.equal(complaints, []);
    await close();
  });

  test('a file that is changed after it was read is not mixed with what was read', async () => {
    const { page, complaints, close } = await visit();
    const path = join(mkdtempSync(join(tmpdir(), 'synthward-')), 'cohort.csv');
    writeFileSync(path, cohortCsv());
    await page.setInputFiles('#file', path);
    await status(page, 'The table was read');
    writeFileSync(path, `${cohortCsv()}\n`);
    utimesSync(path, 1, 1); // a time that differs, however coarsely it is kept
    await page.selectOption('#group', 'id');
    await page.waitForSelector('#target-mistake:not([hidden])');
    assert.match((await page.textContent('#target-mistake')) ?? '', /^cohort\.csv cannot be read: it was changed, .*choose it again$/);
    rmSync(dirname(path), { recursive: true });
    assert.equal(complaints, []);
    await close();
  });

  test('a file of 100 MB is read; one that is too large is refused at once, with what to do', async () => {
    const { page, complaints, close } = await visit();
    const block = Array.from(
      { length: 10_000 },
      (_, row) => `${Array.from({ length: 30 }, (_, i) => ((row * 31 + i * 17) % 997) / 10)},${row % 12}\n`,
    );
    const path = join(mkdtempSync(join(tmpdir(), 'synthward-')), 'cohort.csv');
    const file = openSync(path, 'w');
    writeSync(file, `${Array.from({ length: 30 }, (_, i) => `c${i}`)},ward\n`);
    let bytes = 0;
    while (bytes < 100e6) bytes += writeSync(file, block.join(''));
    closeSync(file);
    await page.setInputFiles('#file', path);
    await page.waitForSelector('#columns:not([hidden])', { timeout: 120_000 });
    assert.match((await page.textContent('#columns-table caption')) ?? '', /\d{3},000 rows, 31 columns/);
    rmSync(dirname(path), { recursive: true });
    await page.evaluate(() => {
      const files = new DataTransfer();
      files.items.add(new File(Array(501).fill(new Uint8Array(1_000_000)), 'large.csv'));
      const input = document.getElementById('file') as HTMLInputElement;
      input.files = files.files;
      input.dispatchEvent(new Event('change'));
    });
    await page.waitForSelector('#table-mistake:not([hidden])');
    assert.match((await page.textContent('#table-mistake')) ?? '', /^large\.csv has 501 MB, more than the 500 MB .*command line/);
    assert.equal(complaints, []);
    await close();
  });

  test.after(leave);
} else {
  test('needs a browser', () => {});
}

test.run();
