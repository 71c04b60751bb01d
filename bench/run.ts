/**
 * Runs the items of items.ts and prints a table, with --json an array of lines and nothing else, with --markdown a table for a document.
 * Usage: npm run bench -- [--only NAME …] [--variant simd|relaxed] [--json | --markdown]
 */
import { parseArgs } from 'node:util';
import type { Variant } from '../ts/backend/backend.js';
import { hasRelaxed } from '../ts/bench/limits.js';
import type { BenchItem, BenchLine } from '../ts/bench/line.js';
import { chooseItems, markdownTable, textHead, textRow } from '../ts/bench/run.js';
import { InputError } from '../ts/errors.js';
import { machineWords } from '../ts/node/measure.js';
import { items } from './items.js';
import { relaxedLines } from './relaxed.js';
import { settingOf } from './setting.js';

const STAR = '* a figure of another run, with its source in docs/performance.md; `npm run bench:peers` measures side by side';

interface Wanted {
  readonly chosen: readonly BenchItem[];
  readonly variants: readonly Variant[];
  readonly layout: 'text' | 'json' | 'markdown';
}

function wanted(): Wanted {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      variant: { type: 'string' },
      json: { type: 'boolean' },
      markdown: { type: 'boolean' },
    },
  });
  const { variant } = values;
  if (variant !== undefined && variant !== 'simd' && variant !== 'relaxed') {
    throw new InputError(`"--variant" expected simd or relaxed, got ${variant}`);
  }
  return {
    chosen: chooseItems(items, values.only),
    variants: variant ? [variant] : ['simd', 'relaxed'],
    layout: values.json ? 'json' : values.markdown ? 'markdown' : 'text',
  };
}

function heading(variants: readonly Variant[]): string {
  const flag = variants.includes('relaxed') && !hasRelaxed() ? ' (by a flag, in processes of their own)' : '';
  return `${machineWords(variants)}${flag}`;
}

async function measure({ chosen, variants, layout }: Wanted): Promise<void> {
  if (layout === 'text') console.log(`${heading(variants)}\n\n${textHead()}`);
  const lines: BenchLine[] = [];
  const add = (more: readonly BenchLine[]) => {
    lines.push(...more);
    if (layout === 'text') for (const line of more) console.log(textRow(line));
  };
  for (const item of chosen) {
    try {
      if (variants.includes('simd')) add(await item.run(settingOf('simd')));
      if (variants.includes('relaxed') && item.relaxed) add(await relaxedLines(item));
    } catch (error) {
      console.error(`${item.name} failed: ${(error as Error).stack}`);
      process.exitCode = 1;
    }
  }
  if (layout === 'json') console.log(JSON.stringify(lines, null, 2));
  else if (layout === 'markdown') console.log(`${heading(variants)}\n\n${markdownTable(lines)}\n\n${STAR}`);
  else console.log(`\n${STAR}`);
}

try {
  await measure(wanted());
} catch (error) {
  const known = error instanceof InputError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  if (!known) throw error;
  console.error((error as Error).message);
  process.exitCode = 2;
}
