/** Chooses items, runs them one after the other, and lays their lines out as text or as Markdown. */
import { InputError } from '../errors.js';
import type { BenchItem, BenchLine } from './line.js';

/** The items whose names begin with one of `only`; all without it. Throws {@link InputError} when there are none for one of them. */
export function chooseItems<Item extends Pick<BenchItem, 'name'>>(
  items: readonly Item[],
  only: readonly string[] | undefined,
): readonly Item[] {
  if (!only) return items;
  for (const wanted of only) {
    if (!items.some(({ name }) => name.startsWith(wanted))) {
      throw new InputError(`"--only" expected the beginning of one of ${items.map(({ name }) => name).join(', ')}, got ${wanted}`);
    }
  }
  return items.filter(({ name }) => only.some((wanted) => name.startsWith(wanted)));
}

/** Three significant digits, in thousands where that is shorter. */
export function figure(value: number | null): string {
  if (value === null) return '';
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1000 ? rounded.toLocaleString('en') : String(rounded);
}

const WIDTHS = [46, 11, 20, 10, 8, 40] as const;
const RIGHT = [1, 3, 4];
const HEAD = ['item', 'value', 'unit', 'reference', 'ratio', 'target', 'verdict'];

const cells = ({ item, value, unit, reference, ratio, target, verdict }: BenchLine): string[] => [
  item,
  figure(value),
  unit,
  figure(reference),
  figure(ratio),
  target ?? '',
  verdict === 'no target' ? '' : verdict,
];

const aligned = (texts: readonly string[]): string =>
  texts
    .map((text, i) => (RIGHT.includes(i) ? text.padStart(WIDTHS[i] as number) : text.padEnd(WIDTHS[i] ?? 0)))
    .join(' ')
    .trimEnd();

export const textHead = (): string => aligned(HEAD);
export const textRow = (line: BenchLine): string => aligned(cells(line));

/** A table for a document. */
export function markdownTable(lines: readonly BenchLine[]): string {
  const row = (texts: readonly string[]) => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(HEAD), row(HEAD.map(() => '---')), ...lines.map((line) => row(cells(line)))].join('\n');
}
