/** The figures and tables that a study leaves as files. */
import { DOMParser } from 'linkedom';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { newDocument } from '../../ts/node/document.js';
import { extracts, galleryOf } from '../../ts/report/gallery.js';
import { markdownTable } from '../../ts/report/standalone.js';
import { numberColumn, textColumn } from '../../ts/report/tables.js';
import { summarise } from '../../ts/study/summarise.js';
import { linesOf, manifestOf } from '../study/lines.js';

const { special } = await wasmBackend();
const test = suite('report/gallery');

const summary = summarise(linesOf(manifestOf({ splits: 2 })), manifestOf({ splits: 2 }), special);

test('figures are numbered through, each with a file of its number', () => {
  const { curves, dots, ranks, loss, sampling } = galleryOf(summary, newDocument());
  const ids = [...curves, ...dots, ...(ranks ? [ranks] : []), ...(loss ? [loss] : []), ...sampling].map(({ id }) => id);
  assert.ok(ids.length > 5);
  assert.equal(
    ids,
    ids.map((_, i) => `figure-${i + 1}`),
  );
  const names = extracts(summary, newDocument()).map(({ name }) => name);
  assert.equal(names, ['tables.md', ...ids.map((id) => `${id}.svg`)]);
});

test('a figure file is sound XML with its panels, legend and colours, and loads nothing', () => {
  for (const { name, text } of extracts(summary, newDocument()).slice(1)) {
    const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    assert.is(root.tagName, 'svg', name);
    assert.match(text, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.not.match(text, /<script|href=|&nbsp;|NaN|undefined|width="0"/);
    for (const [, variable] of text.matchAll(/var\((--[\w-]+)\)/g)) assert.ok(text.includes(`${variable}:`), `${name} ${variable}`);
  }
});

test('a table in Markdown has as many cells in every row, and its bars escaped', () => {
  const text = markdownTable({
    title: 'T',
    columns: [textColumn('a|b'), numberColumn('n')],
    groups: [
      {
        title: 'Long',
        name: 'short',
        rows: [
          ['x', '1'],
          ['y', '2'],
        ],
      },
    ],
    notes: ['A note.'],
  });
  assert.is(text, '**T**\n\n| Data set | a\\|b | n |\n| --- | --- | ---: |\n| short | x | 1 |\n|  | y | 2 |\n\n- A note.\n');
});

test.run();
