/** The study's two main tables on a terminal or in a pipe, and where the rest lies. */
import Table from 'cli-table3';
import type { StudyOutcome } from '../node/study.js';
import { f1Table, flatTable, mmdTable, type TextTable, titleOf } from '../report/tables.js';

/** Prints to stdout what came of a study. */
export function printOutcome({ summary, manifest, report }: StudyOutcome): void {
  const parts = [printed(mmdTable(summary)), printed(f1Table(summary))];
  parts.push(
    [
      ...summary.verdicts.map(({ dataset, headline }) => `${titleOf(summary, dataset)}: ${headline}`),
      ...summary.overall,
      ...(summary.tradeoffs?.sentences.slice(0, 1) ?? []),
    ].join('\n'),
  );
  if (manifest.cells.failed > 0) {
    parts.push(
      `${manifest.cells.failed} of ${manifest.cells.total} cells failed; the report lists them, and the same command tries them again.`,
    );
  }
  parts.push(`Report: ${report}`);
  process.stdout.write(`${parts.join('\n\n')}\n`);
}

function printed(table: TextTable): string {
  if (table.groups.length === 0) return `${table.title}\n  (nothing to show: no method of this study made synthetic rows)`;
  const { head, rows } = flatTable(table);
  const grid = new Table({
    head: head.map((heading, at) => (table.columns[at - 1]?.number ? inTwoLines(heading) : heading)),
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...table.columns.map(({ number }) => (number ? ('right' as const) : ('left' as const)))],
    chars: PLAIN,
  });
  grid.push(...rows);
  return [table.title, '', grid.toString(), ...table.notes.map(wrapped)].join('\n');
}

/** Headings are longer than what stands below them. */
const inTwoLines = (heading: string): string =>
  heading.includes(', ') ? heading.replace(', ', ',\n') : heading.replace(/ (?=\S+$)/, '\n');

const WIDTH = 100;

/** A note in lines of at most WIDTH characters, indented. */
function wrapped(note: string): string {
  const lines: string[] = [];
  for (const word of note.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
}

/** No frame: aligned columns only. */
export const PLAIN = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};
