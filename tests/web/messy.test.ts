/** Every messy and every hostile table through the page, in one sitting: it says what the command line says, and goes on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inspectCells, readCells, readCsv, type TableData } from '../../ts/index.js';
import { cellText } from '../../ts/table/cells.js';
import { KINDS, percent } from '../../web/columns-view.js';
import { inPage, warningSentence } from '../../web/sentences.js';
import { inProcess } from '../cli/command.js';
import { GOLDEN_DIR, golden } from '../golden.js';
import { temporaryFolder } from '../node/folder.js';
import { has } from '../requirements.js';
import { leave, type Visit, visit } from './browser.js';

const test = suite('messy tables in the page');
const MESSY = fileURLToPath(new URL('../messy/', import.meta.url));
const HOSTILE = join(GOLDEN_DIR, 'hostile');
const OUT = join(temporaryFolder(), 'out.csv');
const expected = JSON.parse(readFileSync(join(MESSY, 'expect.json'), 'utf8')) as { file: string; expected_class: string }[];

/** The tests share a page: what one file leaves behind would meet the next one. */
let here: Visit;

async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.getElementById('status')?.textContent !== 'Reading the table', undefined, { timeout: 60_000 });
}

async function choose(folder: string, file: string): Promise<Page> {
  await here.page.setInputFiles('#file', []); // Chromium tells no change where the same file is chosen
  await here.page.setInputFiles('#file', join(folder, file));
  await settled(here.page);
  return here.page;
}

/** What is told in a part of the page; empty where the part is not shown. */
const told = async (page: Page, id: string): Promise<string> => ((await page.isVisible(id)) ? ((await page.textContent(id)) ?? '') : '');
const warnings = (page: Page): Promise<string[]> => page.locator('#columns-warnings li').allTextContents();

/** What the command line says: notes, and the sentence of a refusal. */
async function saidByCommand(folder: string, args: readonly string[]): Promise<{ notes: string[]; refusal: string }> {
  const lines = (await inProcess(folder, args)).stderr.split('\n').filter((line) => line !== '');
  const notes = lines.filter((line) => line.startsWith('note: ')).map((line) => line.slice(6));
  return { notes, refusal: lines.find((line) => line.startsWith('synthward: '))?.slice(11) ?? '' };
}

async function targetIs(page: Page, name: string): Promise<void> {
  if ((await page.inputValue('#target')) === name) return;
  await page.selectOption('#target', name);
  await page.waitForFunction(() => document.getElementById('method')?.ariaBusy !== 'true');
}

async function checkColumns(page: Page, folder: string, file: string, target: string): Promise<void> {
  const { rows, columns, balance } = inspectCells(readCells(readFileSync(join(folder, file)), file), { target });
  assert.is(await page.textContent('#columns-table caption'), `${rows.toLocaleString('en')} rows, ${columns.length} columns`);
  const shown = await page
    .locator('#columns-table tbody tr')
    .evaluateAll((trs) => trs.map((tr) => [...tr.children].map((cell) => cell.textContent)));
  const want = columns.map(({ name, kind, missing }) => [name, KINDS[kind], percent(missing / rows)]);
  assert.equal(
    shown.map(([name, kind, , missing]) => [name, kind, missing]),
    want,
  );
  const [, positive, count, of] = /: "(.*?)" in (\d+) of (\d+) rows/.exec(balance) as unknown as string[];
  assert.ok((await told(page, '#imbalance')).startsWith(`${count} of ${of} rows `), balance);
  assert.is(await page.inputValue('#positive'), positive);
}

/** Makes patients with SMOTE and takes the table home: its real rows, and the synthetic ones. */
async function made(page: Page): Promise<{ csv: string; rows: Record<string, string>[] }> {
  await page.selectOption('#method-name', 'smote');
  await page.selectOption('#splits', '1');
  await page.click('#start');
  await page.waitForSelector('#results:not([hidden])', { timeout: 120_000 });
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Balanced table (CSV)')]);
  const csv = readFileSync(await file.path(), 'utf8');
  const { columns, rows } = readCells(csv, 'balanced');
  const cell = (column: number, row: number) => cellText(columns[column]!, row);
  const all = Array.from({ length: rows }, (_, row) => Object.fromEntries(columns.map(({ name }, c) => [name, cell(c, row)])));
  return { csv, rows: all.filter(({ synthetic }) => synthetic === '1') };
}

const values = (table: TableData, name: string): readonly number[] => {
  const column = table.columns.find((one) => one.name === name);
  assert.ok(column && 'values' in column);
  return [...column.values];
};

/** What the job makes of a table that is read. */
const JOBS: Readonly<Record<string, (made: { csv: string; rows: Record<string, string>[] }) => void>> = {
  '08_missing_codes.csv': ({ csv, rows }) => {
    for (const name of ['sbp', 'creatinine', 'lactate']) {
      assert.ok(values(readCsv(csv), name).includes(999), 'real rows are as they were');
      for (const row of rows) assert.ok(row[name] === '' || (Number(row[name]) > 0 && Number(row[name]) < 999), `${name} ${row[name]}`);
    }
  },
  '18_constant_column.csv': ({ rows }) => assert.ok(rows.every(({ country }) => country === 'CH')),
  '20_high_cardinality_id.csv': ({ rows }) => assert.ok(rows.every(({ patient_id }) => patient_id === '')),
  '24_latin1_bytes.csv': ({ csv }) => assert.not.match(csv, /\ufffd|Ã/),
};

if (has('command:chromium')) {
  test.before(async () => {
    here = await visit();
  });
  test.after(async () => {
    assert.equal(here.outside, []);
    assert.equal(here.complaints, []);
    await here.close();
    await leave();
  });

  for (const { file, expected_class: wanted } of expected) {
    test(`${file}: ${wanted}`, async () => {
      const augment = ['augment', file, '--target', 'died', '--method', 'smote', '--out', OUT];
      const { refusal } = JOBS[file] ? { refusal: '' } : await saidByCommand(MESSY, augment);
      const page = await choose(MESSY, file);
      const mistake = await told(page, '#table-mistake');
      if (mistake === '') await targetIs(page, 'died');
      assert.is(mistake || (await told(page, '#target-mistake')), inPage(refusal));
      if (refusal !== '') {
        assert.ok(wanted === 'REFUSE' || file === '30_mixed_types.csv');
        assert.ok(!(await page.isVisible('#start')) || (await page.isDisabled('#start')));
        return;
      }
      assert.ok(wanted.startsWith('ACCEPT'));
      await checkColumns(page, MESSY, file, 'died');
      const { notes } = await saidByCommand(MESSY, ['inspect', file, '--target', 'died']);
      const want = notes.filter((note) => !note.includes('no positive class')).map((note) => warningSentence(note, file));
      assert.equal(await warnings(page), want);
      JOBS[file]?.(await made(page));
    });
  }

  for (const { file, expect, rows_python_csv: rows } of golden('hostile/index')) {
    if (file.startsWith('model_')) continue; // tests/web/model.test.ts
    test(`hostile ${file}: ${expect}`, async () => {
      const { refusal } = await saidByCommand(HOSTILE, ['inspect', file]);
      const page = await choose(HOSTILE, file);
      assert.is(await told(page, '#table-mistake'), inPage(refusal));
      if (/^(reject_typed|reject_with_row_number|reject_or_rename|reject_or_keep_never_truncate)$/.test(expect)) {
        assert.is.not(refusal, '');
        return;
      }
      assert.is(refusal, '');
      const names = await page.locator('#columns-table tbody th').allTextContents();
      if (rows) assert.equal(names, rows[0]);
      else
        assert.equal(
          names,
          readCells(readFileSync(join(HOSTILE, file)), file).columns.map(({ name }) => name),
        );
      if (!/at_fit|fallback/.test(expect)) return;
      await targetIs(page, 'y');
      const { refusal: unfit } = await saidByCommand(HOSTILE, ['augment', file, '--target', 'y', '--method', 'smote', '--out', OUT]);
      assert.is.not(unfit, '');
      assert.is(await told(page, '#target-mistake'), unfit);
      assert.ok(await page.isDisabled('#start'));
    });
  }

  const again = async (page: Page) => {
    await page.click('text=Read again');
    await settled(page);
  };

  test('what a refusal or a warning advises can be done in the page', async () => {
    let page = await choose(MESSY, '30_mixed_types.csv');
    await page.click('text=Fill in the schema that was found');
    await page.waitForFunction(() => (document.getElementById('schema') as HTMLTextAreaElement).value !== '');
    await again(page);
    const creatinine = page.locator('#columns-table tbody tr', { hasText: 'creatinine' });
    assert.match((await creatinine.textContent()) ?? '', /^creatininenumbers.*7%$/);

    page = await choose(MESSY, '30_mixed_types.csv');
    assert.is(await page.inputValue('#schema'), '', 'a schema belongs to its file');
    await page.fill('#exclude', 'creatinine');
    await again(page);
    assert.match((await creatinine.textContent()) ?? '', /^creatininenot used/);

    page = await choose(MESSY, '08_missing_codes.csv');
    const advised = (await warnings(page)).map((text) => /say “Missing codes” (\S+) if/.exec(text)?.[1]);
    await page.click('text=Change how this file is read');
    await page.fill('#missing', advised.join(' '));
    await again(page);
    assert.equal(await warnings(page), []);
    assert.match((await page.locator('#columns-table tbody tr', { hasText: 'sbp' }).textContent()) ?? '', /76 to 16628%/);

    page = await choose(HOSTILE, 'utf16.csv');
    await page.selectOption('#encoding', 'utf-16');
    await again(page);
    assert.is(await told(page, '#table-mistake'), '');

    const titled = `Export of the ward\n\n${readFileSync(join(MESSY, '02_crlf.csv'), 'utf8').replaceAll('\r', '')}`;
    await page.setInputFiles('#file', { name: 'titled.csv', mimeType: 'text/csv', buffer: Buffer.from(titled) });
    await settled(page);
    const line = /looks like it: give “Header line” (\d+)/.exec(await told(page, '#table-mistake'))?.[1] as string;
    await page.fill('#header-line', line);
    await again(page);
    assert.match((await page.textContent('#columns-table caption')) ?? '', /120 rows, 7 columns/);

    page = await choose(MESSY, '15_three_classes.csv');
    await page.selectOption('#positive', 'transferred');
    await page.waitForSelector('#start:enabled');
    assert.is(await told(page, '#target-mistake'), '');
    assert.match(await told(page, '#imbalance'), /^41 of 120 rows .* died = transferred/);
  });

  test('a table and a schema that are dropped', async () => {
    const { page } = here;
    const drop = async (place: string, name: string, text: string) => {
      const dataTransfer = await page.evaluateHandle(
        ([name, text]) => {
          const files = new DataTransfer();
          files.items.add(new File([text as string], name as string));
          return files;
        },
        [name, text],
      );
      await page.dispatchEvent(place, 'drop', { dataTransfer });
      await settled(page);
    };
    await drop('#drop', 'dropped.csv', readFileSync(join(MESSY, '08_missing_codes.csv'), 'utf8'));
    assert.is(await page.textContent('#columns-title'), 'What is in dropped');
    assert.is((await warnings(page)).length, 3);
    await drop('#reading', 'schema.json', '{"missing": [999, -9], "target": "sex", "positive": "F"}');
    assert.equal(await warnings(page), []);
    assert.equal([await page.inputValue('#target'), await page.inputValue('#positive')], ['sex', 'F']);
  });

  test('a schema that inspect has written is taken from a file', async () => {
    const schema = join(temporaryFolder(), 'schema.json');
    await inProcess(MESSY, ['inspect', '30_mixed_types.csv', '--target', 'died', '--schema-out', schema]);
    const page = await choose(MESSY, '30_mixed_types.csv');
    await page.setInputFiles('#schema-file', schema);
    await page.waitForSelector('#method:not([hidden])');
    assert.is(await page.inputValue('#target'), 'died');
    await page.fill('#schema', '{"columns": {"age": {"kind": "number"}}}');
    await again(page);
    assert.match(await told(page, '#table-mistake'), /^the schema: "columns\.age\.kind" expected one of "numeric"/);
  });
} else {
  test('needs a browser', () => {});
}

test.run();
