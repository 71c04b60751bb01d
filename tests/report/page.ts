/** What holds for every report page, whatever the study. */
import { parseHTML } from 'linkedom';
import * as assert from 'uvu/assert';

export const parsed = (page: string): Document => parseHTML(page).document as unknown as Document;
export const texts = (document: Document, selector: string): string[] =>
  [...document.querySelectorAll(selector)].map((node) => node.textContent ?? '');
export const rowsOf = (document: Document, table: string): string[][] =>
  [...document.querySelectorAll(`#${table} tbody tr:not(.group)`)].map((row) => [...row.children].map((cell) => cell.textContent ?? ''));

const VOID = new Set(['meta', 'br', 'hr', 'img', 'link', 'input', 'wbr']);

/** Faults of nesting and quoting, by a reading of every tag. */
export function faults(page: string): string[] {
  const found: string[] = [];
  const open: string[] = [];
  const body = page.replace(/<style>[^<]*<\/style>/, '<style></style>');
  for (const [tag] of body.matchAll(/<[^>]*>/g)) {
    const match = /^<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>$/.exec(tag);
    if (tag === '<!DOCTYPE html>') continue;
    if (!match) found.push(`odd tag ${tag.slice(0, 80)}`);
    else if (match[1]) {
      const last = open.pop();
      if (last !== match[2]) found.push(`</${match[2]}> closes <${last}>`);
    } else if (!match[4] && !VOID.has(match[2] as string)) open.push(match[2] as string);
  }
  if (/<(?![a-zA-Z/!])/.test(body)) found.push('a bare <');
  if (/&(?!(amp|lt|gt|quot|#39|nbsp|#160);)/.test(body)) found.push('a bare &');
  return [...found, ...open.map((name) => `<${name}> stays open`)];
}

/** Fails where the page is unsound in structure, in its text alternatives or by what it loads. */
export function sound(page: string): Document {
  assert.equal(faults(page), []);
  assert.not.match(page, /<script|<iframe|<object|<link|\ssrc=|@import|url\(|\son\w+="/i);
  for (const [, target] of page.matchAll(/\shref="([^"]*)"/g)) assert.match(target as string, /^#/);
  assert.not.match(page, /\b(NaN|Infinity|undefined|null|\[object)\b/);
  const document = parsed(page);
  const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
  assert.is(new Set(ids).size, ids.length, 'ids are unique');
  for (const link of document.querySelectorAll('a[href]'))
    assert.ok(ids.includes((link.getAttribute('href') ?? '').slice(1)), 'links lead somewhere');
  for (const node of document.querySelectorAll('[aria-labelledby]')) assert.ok(ids.includes(node.getAttribute('aria-labelledby') ?? ''));
  const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map((node) => Number(node.tagName.slice(1)));
  assert.equal([levels[0], levels.filter((level) => level === 1).length], [1, 1]);
  for (let i = 1; i < levels.length; i++) assert.ok((levels[i] as number) - (levels[i - 1] as number) <= 1, 'no heading level is skipped');
  for (const table of document.querySelectorAll('table')) {
    assert.ok(table.querySelector('caption')?.textContent, 'a caption');
    const width = table.querySelectorAll('thead th[scope=col]').length;
    for (const row of table.querySelectorAll('tbody tr:not(.group)')) {
      assert.is(row.children.length, width, 'cells a row');
      assert.ok(row.querySelector('th[scope=row]'));
    }
    assert.ok(table.closest('.scroll'), 'scrolls in its own box');
  }
  for (const figure of document.querySelectorAll('figure')) {
    assert.ok(figure.querySelector('figcaption')?.textContent);
    assert.ok(figure.querySelector('details table'), 'data of the figure');
    for (const panel of figure.querySelectorAll('.panel')) {
      assert.ok((panel.querySelector('[role=img]')?.getAttribute('aria-label') ?? '').length > 40, 'a text alternative');
      assert.is(panel.querySelectorAll('svg.plot').length, 1);
      assert.is(panel.querySelectorAll('svg [aria-label$="axis label"] text').length >= 1, true, 'labelled axes');
    }
  }
  return document;
}
