/** The page "Use a model": it draws and predicts what the command line does, and refuses what that refuses in the same words. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inPage } from '../../web/sentences.js';
import { changedModel, OTHER_VERSIONS } from '../cli/changed-model.js';
import { inProcess, succeeds, synthward, writeCohort } from '../cli/command.js';
import { GOLDEN_DIR, golden } from '../golden.js';
import { temporaryFolder } from '../node/folder.js';
import { has } from '../requirements.js';
import { leave, seriousFindings, type Visit, visit } from './browser.js';

const test = suite('models in the page');
const folder = temporaryFolder();
const HOSTILE = join(GOLDEN_DIR, 'hostile');
const run = (...args: (string | number)[]) => succeeds(synthward(folder, ...args));

let here: Visit;

const told = async (page: Page, id: string): Promise<string> => ((await page.isVisible(id)) ? ((await page.textContent(id)) ?? '') : '');

async function open(path: string): Promise<Page> {
  const { page } = here;
  await page.setInputFiles('#file', path);
  await page.waitForFunction(() => document.getElementById('status')?.textContent !== 'Opening the model');
  return page;
}

const done = (page: Page) =>
  page.waitForFunction(() => document.getElementById('status')?.textContent?.startsWith('Done'), undefined, { timeout: 60_000 });

async function saved(page: Page): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Table (CSV)')]);
  return readFileSync(await file.path(), 'utf8');
}

/** The sentence with which the command line refuses a model file. */
async function refusal(args: readonly (string | number)[], where = folder): Promise<string> {
  const { status, stderr } = await inProcess(where, args);
  assert.is(status, 2, stderr);
  return inPage(stderr.trim().replace(/^synthward: /, ''));
}

const classify = (file: string) => ['classify', '--model', file, '--test', join(folder, 'cohort.csv'), '--out', join(folder, 'x.csv')];
const sample = (file: string) => ['sample', file, '--count', 3, '--out', join(folder, 'x.csv')];

if (has('command:chromium')) {
  test.before(async () => {
    writeCohort(join(folder, 'cohort.csv'));
    const roles = ['cohort.csv', '--target', 'died', '--exclude', 'id,note', '--model-out'];
    run('train', ...roles, 'smote.model', '--method', 'smote');
    run('train', ...roles, 'joint.model', '--method', 'tabddpm-joint', '--timesteps', 30);
    for (const classifier of ['rf', 'xgb']) run('classify', '--train', ...roles, `${classifier}.model`, '--classifier', classifier);
    run('export', 'xgb.model', '--out', 'xgb.json');
    here = await visit('model.html');
  });
  test.after(async () => {
    assert.equal(here.outside, []);
    assert.equal(here.complaints, []);
    await here.close();
    await leave();
  });

  test('rows are those that "sample" draws', async () => {
    let page = await open(join(folder, 'smote.model'));
    assert.match(await told(page, '#model-facts'), /SMOTE.*draws patients with 7 columns.*rows of real patients/s);
    assert.not.ok(await page.isVisible('#steps'));
    await page.fill('#count', '12');
    await page.click('#start');
    await done(page);
    assert.is(await page.locator('#preview tbody tr').count(), 8);
    run('sample', 'smote.model', '--count', 12, '--out', 'smote.csv');
    assert.is(await saved(page), readFileSync(join(folder, 'smote.csv'), 'utf8'));

    page = await open(join(folder, 'joint.model'));
    await page.fill('#count', '9');
    await page.selectOption('#label', 'no');
    await page.fill('#steps', '7');
    await page.selectOption('#sampler', 'dpm++');
    await page.fill('#seed', '3');
    await page.click('#start');
    await done(page);
    const how = ['--count', 9, '--label', 'no', '--steps', 7, '--sampler', 'dpm++', '--seed', 3];
    run('sample', 'joint.model', ...how, '--out', 'joint.csv');
    assert.is(await saved(page), readFileSync(join(folder, 'joint.csv'), 'utf8'));
    assert.equal(await seriousFindings(page), []);
  });

  test('predictions are those of "classify"', async () => {
    for (const file of ['rf.model', 'xgb.model', 'xgb.json']) {
      const page = await open(join(folder, file));
      assert.match(await told(page, '#model-facts'), /predicts died = yes from 4 columns/);
      await page.setInputFiles('#table', join(folder, 'cohort.csv'));
      await done(page);
      run('classify', '--model', file, '--test', 'cohort.csv', '--out', 'p.csv');
      assert.is(await saved(page), readFileSync(join(folder, 'p.csv'), 'utf8'), file);
    }
  });

  test('a table that is refused is told, and read again as the page lets it be', async () => {
    const page = await open(join(folder, 'rf.model'));
    const put = (text: string) => page.setInputFiles('#table', { name: 'other.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await put('age,dose\n1,2\n');
    await page.waitForSelector('#table-mistake:not([hidden])');
    assert.match(await told(page, '#table-mistake'), /^other\.csv: there is no column "ward"/);
    await put(`Ward list\n\n${readFileSync(join(folder, 'cohort.csv'), 'utf8')}`);
    await page.waitForFunction(() => document.getElementById('table-mistake')?.textContent?.includes('give “Header line” 3'));
    await page.fill('#header-line', '3');
    await page.click('text=Read again');
    await done(page);
    assert.match(await told(page, '#made'), /^The probability of died = yes for each of 160 rows\.$/);
  });

  for (const { file, expect } of golden('hostile/index')) {
    if (!file.startsWith('model_')) continue;
    test(`hostile ${file}: ${expect}`, async () => {
      const page = await open(join(HOSTILE, file));
      const said = await refusal(classify(file), HOSTILE);
      assert.is(await told(page, '#model-mistake'), said);
      if (!expect.startsWith('accept')) return;
      assert.match(said, /no names of its features/); // with names it is a model like any other
      const model = JSON.parse(readFileSync(join(HOSTILE, file), 'utf8'));
      model.learner.feature_names = ['age', 'dose', 'lactate', 'f3'];
      writeFileSync(join(folder, file), JSON.stringify(model));
      assert.is(await told(await open(join(folder, file)), '#model-mistake'), '');
      assert.match(await told(page, '#model-facts'), /predicts label = 1 from 4 columns/);
    });
  }

  for (const [whole, command] of [
    ['smote.model', sample],
    ['rf.model', classify],
  ] as const) {
    test(`${whole}: files of other versions, cut or changed`, async () => {
      const bytes = readFileSync(join(folder, whole));
      writeFileSync(join(folder, 'cut.model'), bytes.subarray(0, bytes.length - 40));
      writeFileSync(
        join(folder, 'flipped.model'),
        bytes.map((byte, at) => (at === bytes.length - 9 ? byte ^ 4 : byte)),
      );
      for (const [how, texts] of Object.entries(OTHER_VERSIONS)) changedModel(folder, whole, `${how}.model`, texts);
      for (const how of ['cut', 'flipped', 'newer', 'older', 'foreign'])
        assert.is(await told(await open(join(folder, `${how}.model`)), '#model-mistake'), await refusal(command(`${how}.model`)), how);
      const unknown = await told(await open(join(folder, 'method.model')), '#model-mistake');
      assert.match(unknown, /^method\.model holds a model of the method "of-tomorrow" of synthward 3\.1\.4, .*; update synthward$/);
      const page = await open(join(folder, whole));
      assert.is(await told(page, '#model-mistake'), '', 'the page goes on');
    });
  }

  test('what is no model at all', async () => {
    for (const [name, bytes] of Object.entries({ 'empty.model': '', 'cohort.csv': 'a,b\n1,2\n', 'list.json': '[1, 2]' })) {
      writeFileSync(join(folder, `no-${name}`), bytes);
      const said = await told(await open(join(folder, `no-${name}`)), '#model-mistake');
      assert.match(said, new RegExp(`^"?no-${name.replace('.', '\\.')}`));
      assert.not.match(said, /should not/);
    }
  });
} else {
  test('needs a browser', () => {});
}

test.run();
