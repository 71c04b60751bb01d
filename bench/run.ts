/**
 * Runs the benches of items.ts and prints a table, or with --json an array of lines.
 * Usage: npm run bench -- [--only NAME] [--json]
 */
import { parseArgs } from 'node:util';
import { items } from './items.js';
import type { BenchLine } from './line.js';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, json: { type: 'boolean' } } });
const wanted = items.filter(({ name }) => !values.only || values.only.some((only) => name.startsWith(only)));
if (wanted.length === 0) {
  console.error(`"only" expected one of ${items.map(({ name }) => name).join(', ')}, got ${values.only?.join(', ')}`);
  process.exit(2);
}

const show = (value: number | null): string => (value === null || Number.isNaN(value) ? '' : String(Number(value.toPrecision(3))));

function print({ item, value, unit, reference, ratio, target, verdict }: BenchLine): void {
  console.log(
    [
      item.padEnd(34),
      `${show(value).padStart(9)} ${unit}`.padEnd(26),
      `${show(reference).padStart(8)} ${show(ratio).padStart(7)}`,
      ` ${target ?? ''}`.padEnd(16),
      verdict === 'no target' ? '' : verdict,
    ]
      .join(' ')
      .trimEnd(),
  );
}

if (!values.json) console.log(`${'item'.padEnd(34)}     value ${'unit'.padEnd(15)} reference   ratio  target`);
const lines: BenchLine[] = [];
for (const { run } of wanted) {
  const measured = await run();
  lines.push(...measured);
  if (!values.json) measured.forEach(print);
}
if (values.json) console.log(JSON.stringify(lines, null, 2));
