/** The audit's and the evidence's page in Chromium: tables fit a desktop's width, and on a phone nothing but them is wider than the screen. */
import { parseHTML } from 'linkedom';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runAudit } from '../../ts/audit/audit.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { Stream } from '../../ts/random.js';
import { renderAudit } from '../../ts/report/audit.js';
import { has } from '../requirements.js';
import { launched, leave } from '../web/browser.js';
import { jittered, minority, partsOf, pbcVisits } from './cohorts.js';
import { page as evidencePage } from './hostile-run.js';

const test = suite('width of pages');

/** Boxes that a reader would have to scroll sideways, by their captions, and how far the page itself is too wide. */
async function tooWide(page: string, width: number) {
  const view = await (await launched()).newPage({ viewport: { width, height: 900 } });
  await view.setContent(page);
  const found = await view.evaluate(() => {
    const boxes = [...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth);
    const root = document.documentElement;
    return { boxes: boxes.map((box) => box.querySelector('caption')?.textContent ?? ''), page: root.scrollWidth - root.clientWidth };
  });
  await view.close();
  return found;
}

if (has('command:chromium')) {
  test.after(leave);

  test('an audit with groups and intervals in every table', async () => {
    const stream = Stream.fromSeed(5);
    const { training, holdout } = pbcVisits(stream.child('split'));
    const parts = partsOf(training, jittered(minority(training), 0.3, stream.child('jitter')), holdout);
    const audit = await runAudit(parts, { seed: 1, sensitive: ['sex', 'age'] }, await wasmBackend());
    const file = { name: 'x.csv', sha256: '0'.repeat(64) };
    const document = parseHTML('<!doctype html><html><body></body></html>').document as unknown as Document;
    const page = renderAudit(audit, { real: file, synthetic: file, holdout: file }, [], document);
    assert.match(page, /\(−0\.\d\d to /, 'changes of groups have intervals');
    assert.equal(await tooWide(page, 1200), { boxes: [], page: 0 });
    assert.is((await tooWide(page, 390)).page, 0);
  });

  test('evidence', async () => {
    assert.equal(await tooWide(evidencePage, 1200), { boxes: [], page: 0 });
    assert.equal(await tooWide(evidencePage, 390), { boxes: ['From the input to the output'], page: 0 }, 'checksums alone scroll');
  });
}

test.run();
