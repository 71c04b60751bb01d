/** Lines as text. */
import type { PeerLine } from './lines.js';

const show = (value: number | null): string =>
  value === null ? '–' : Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));

const cells = ({ item, core, value, unit, reference, peer, ratio, target, verdict, note }: PeerLine): string[] => [
  core === 'simd' ? item : `${item} (${core})`,
  `${show(value)} ${unit}`,
  peer,
  show(reference),
  ratio === null ? '–' : `${show(ratio)}×`,
  target?.replace('ratio >= ', '≥ ') ?? '–',
  note ? `${verdict} (${note})` : verdict,
];

const NAMES = ['item', 'synthward', 'peer', "peer's", 'ratio', 'target', 'verdict'];
const WIDTHS = [21, 24, 32, 9, 9, 7, 0];
const aligned = (texts: readonly string[]): string =>
  texts
    .map((text, c) => text.padEnd(WIDTHS[c] as number))
    .join(' ')
    .trimEnd();

export const header = aligned(NAMES);
export const row = (line: PeerLine): string => aligned(cells(line));

/** A table in Markdown. */
export function tableOf(lines: readonly PeerLine[]): string {
  const rows = [NAMES, NAMES.map(() => '---'), ...lines.map(cells)];
  return rows.map((texts) => `| ${texts.join(' | ')} |`).join('\n');
}
