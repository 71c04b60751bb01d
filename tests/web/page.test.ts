import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SMOTE, Table } from '../../ts/index.js';
import { readCsv } from '../../ts/table/csv.js';
import { cohortCsv } from '../library/cohort.js';
import { has } from '../requirements.js';
import { leave, seriousFindings, visit } from './browser.js';

const test = suite('page');
const here = has('command:chromium');

async function finishes(page: Page): Promise<void> {
  const result = page.waitForSelector('#results:not([hidden])', { timeout: 120_000 });
  const fault = page.waitForSelector('#run-mistake:not([hidden])', { timeout: 120_000 }).then(
    async (box) => Promise.reject(new Error((await box.textContent()) ?? 'the page told a mistake')),
    () => {},
  );
  await Promise.race([result, fault]);
}

if (here) {
  test('a CSV in, patients made and checked, the balanced CSV and the report out; nothing leaves the page', async () => {
    const { page, outside, complaints, close } = await visit();
    await page.setInputFiles('#file', { name: 'cohort.csv', mimeType: 'text/csv', buffer: Buffer.from(cohortCsv()) });
    await page.waitForSelector('#method:not([hidden])');
    assert.match((await page.textContent('#imbalance')) ?? '', /32 of 160 rows \(20%\) have died = yes/);
    await page.selectOption('#method-name', 'smote');
    await page.selectOption('#splits', '5');
    await page.click('#start');
    await finishes(page);
    assert.match((await page.textContent('#added')) ?? '', /^32 synthetic patients with died = yes were made/);
    assert.is(await page.locator('#numbers svg').count(), 2);
    const [csv] = await Promise.all([page.waitForEvent('download'), page.click('text=Balanced table (CSV)')]);
    const table = readCsv(readFileSync(await csv.path(), 'utf8'));
    assert.equal(
      table.columns.map(({ name }) => name),
      ['id', 'age', 'lactate', 'ward', 'note', 'died', 'synthetic'],
    );
    assert.ok(table.rows > 160);
    const [report] = await Promise.all([page.waitForEvent('download'), page.click('text=Report (HTML)')]);
    assert.match(readFileSync(await report.path(), 'utf8'), /<h2 id="verdicts-heading">/);
    const [model] = await Promise.all([page.waitForEvent('download'), page.click('text=Model (safetensors)')]);
    assert.is((await SMOTE.open(readFileSync(await model.path()))).method, 'smote');
    assert.match((await page.textContent('#model-holds')) ?? '', /rows of real patients/);
    assert.equal(outside, []);
    assert.equal(complaints, []);
    await close();
  });

  test('the study page runs the grid on workers and shows the report', async () => {
    const { page, outside, complaints, close } = await visit('study.html');
    await page.uncheck('#tables input[value=pbc_visits]');
    for (const method of ['weight', 'tuned', 'rose', 'tabddpm']) await page.uncheck(`#methods input[value=${method}]`);
    await page.selectOption('#splits', '2');
    await page.fill('#workers', '2');
    await page.click('#start');
    await finishes(page);
    const frame = page.frameLocator('#report');
    assert.match((await frame.locator('h1').textContent()) ?? '', /Do synthetic minority patients help\?/);
    const [results] = await Promise.all([page.waitForEvent('download'), page.click('text=Results (JSON lines)')]);
    const lines = readFileSync(await results.path(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.is(lines.length, 2 * 2 * 2);
    assert.ok(lines.every(({ auroc }) => auroc > 0.9));
    assert.equal(outside, []);
    assert.equal(complaints, []);
    await close();
  });

  test('the benchmark page measures this device to the end, and stops when it is told to', async () => {
    const { page, outside, complaints, close } = await visit('benchmark.html');
    assert.match((await page.textContent('#device')) ?? '', /simd.*(SwiftShader|GPU|none)/s);
    await page.click('#start');
    await page.click('#cancel');
    await page.waitForFunction(() => document.getElementById('status')?.textContent === 'Cancelled');
    for (const title of ['Kernels', 'Training a network', 'Trees', 'Distances and SMOTE', 'Drawing patients'])
      await page.uncheck(`#groups input[value="${title}"]`);
    await page.click('#start');
    await page.waitForFunction(() => document.getElementById('status')?.textContent?.startsWith('Done'), undefined, { timeout: 60_000 });
    const [saved] = await Promise.all([page.waitForEvent('download'), page.click('text=Save as JSON')]);
    const { variant, lines } = JSON.parse(readFileSync(await saved.path(), 'utf8'));
    assert.is(variant, 'simd');
    assert.ok(lines.length > 1 && lines.every(({ value }: { value: number }) => value > 0));
    assert.equal(await seriousFindings(page), []);
    assert.equal(outside, []);
    assert.equal(complaints, []);
    await close();
  });

  test('without a connection, after the first visit', async () => {
    const { page, disconnect, close } = await visit();
    await page.waitForSelector('html[data-offline=ready]', { state: 'attached', timeout: 30_000 });
    await page.reload(); // from now on the service worker answers
    disconnect();
    await page.reload();
    await page.click('[data-table=breast_cancer]');
    await page.waitForSelector('#method:not([hidden])');
    assert.match((await page.textContent('#imbalance')) ?? '', /212 of 569 rows/);
    await page.click('text=Use a model');
    await page.waitForURL('**/model.html', { waitUntil: 'load' }); // its script has run
    const { table, roles } = { table: Table.fromCsv(cohortCsv()), roles: { target: 'died', exclude: ['id', 'note'] } };
    const buffer = Buffer.from((await SMOTE.fit(table, roles)).save());
    await page.setInputFiles('#file', { name: 'smote.safetensors', mimeType: 'application/octet-stream', buffer });
    await page.click('text=Draw patients');
    await page.waitForSelector('#results:not([hidden])');
    assert.match((await page.textContent('#made')) ?? '', /^100 synthetic patients with died = yes, drawn by SMOTE/);
    await close();
  });

  test('no page lets anything in from elsewhere, or runs text as code', async () => {
    const { page, address, close } = await visit();
    for (const path of ['', 'model.html', 'study.html', 'benchmark.html']) {
      await page.goto(`${address}${path}`);
      const policy = (await page.getAttribute('meta[http-equiv=Content-Security-Policy]', 'content')) ?? '';
      const rules = Object.fromEntries(policy.split('; ').map((rule) => rule.split(/ (.*)/, 2)));
      assert.is(rules['default-src'], "'none'");
      assert.is(rules['script-src'], "'self' 'wasm-unsafe-eval'");
      for (const [name, sources] of Object.entries(rules)) {
        assert.not.match(sources as string, /https?:|\*|'unsafe-eval'/, `${path} ${name}`);
        if (path !== 'study.html') assert.not.match(sources as string, /unsafe-inline/, `${path} ${name}`); // the report has styles of its own
      }
    }
    await close();
  });

  test('mistakes are told where they were made, and a job can be cancelled', async () => {
    const { page, close } = await visit();
    const put = (text: string) => page.setInputFiles('#file', { name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await put('a,b\n1,2\n1\n');
    await page.waitForSelector('#table-mistake:not([hidden])');
    assert.match((await page.textContent('#table-mistake')) ?? '', /^bad\.csv: the header has 2 cells, but line 3 has 1/);
    await page.setInputFiles('#file', { name: 'cohort.csv', mimeType: 'text/csv', buffer: Buffer.from(cohortCsv(40, 1)) });
    await page.waitForSelector('#target-mistake:not([hidden])');
    assert.match((await page.textContent('#target-mistake')) ?? '', /^cohort\.csv: the target "died" has 1 row of the class "yes"/);
    assert.ok(await page.isDisabled('#start'));
    await page.click('[data-table=support2_icu]');
    await page.waitForSelector('#method:not([hidden])');
    await page.click('#start');
    await page.click('#cancel');
    await page.waitForFunction(() => document.getElementById('status')?.textContent === 'Cancelled');
    assert.ok(await page.isEnabled('#start'));
    await close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`no serious finding of axe (${colorScheme}), no sideways scrolling on a phone`, async () => {
      const { page, close } = await visit('', { colorScheme, viewport: { width: 390, height: 800 } });
      await page.click('[data-table=breast_cancer]');
      await page.waitForSelector('#method:not([hidden])');
      await page.selectOption('#method-name', 'random');
      await page.selectOption('#splits', '1');
      await page.click('#start');
      await finishes(page);
      assert.equal(await seriousFindings(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
      await page.goto(page.url().replace(/[^/]*$/, 'study.html'));
      assert.equal(await seriousFindings(page), []);
      await close();
    });
  }

  test('every stop of the keyboard shows where it is', async () => {
    const { page, address, close } = await visit();
    await page.setInputFiles('#file', { name: 'cohort.csv', mimeType: 'text/csv', buffer: Buffer.from(cohortCsv()) });
    await page.waitForSelector('#start:enabled');
    for (const path of ['', 'model.html', 'study.html', 'benchmark.html']) {
      if (path !== '') await page.goto(`${address}${path}`);
      const stops: string[] = [];
      for (let tabs = 0; tabs < 80; tabs++) {
        await page.keyboard.press('Tab');
        const [name, outline] = await page.evaluate(() => {
          const at = document.activeElement as HTMLElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(at);
          return [at === document.body ? '' : at.id || at.textContent || at.tagName, `${outlineStyle} ${outlineWidth}`];
        });
        if (!name) break; // once around
        stops.push(name);
        assert.is(outline, 'solid 3px', `${path}: ${name}`);
      }
      assert.ok(stops.length > 5 && stops.length < 80, `${path}: ${stops}`);
    }
    await close();
  });

  test.after(leave);
} else {
  test('needs a browser', () => {});
}

test.run();
