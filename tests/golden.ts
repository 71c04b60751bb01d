/** Golden vectors: numbers made by established libraries. GOLDEN_DIR names the folder (default tests/golden); a missing one fails. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const GOLDEN_DIR = process.env.GOLDEN_DIR ?? fileURLToPath(new URL('./golden', import.meta.url));

/** Non-finite numbers are written as strings. */
function revive(_key: string, value: unknown): unknown {
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity') return Number.POSITIVE_INFINITY;
  if (value === '-Infinity') return Number.NEGATIVE_INFINITY;
  return value;
}

// biome-ignore lint/suspicious/noExplicitAny: the cases of a file differ in shape; each test reads the fields of its kind
export type GoldenCase = Record<string, any>;

/** The cases of one file, all or of one kind; throws when there are none. */
export function golden(file: string, kind?: string): GoldenCase[] {
  const cases = (JSON.parse(readFileSync(join(GOLDEN_DIR, `${file}.json`), 'utf8'), revive) as { cases: GoldenCase[] }).cases;
  const wanted = kind === undefined ? cases : cases.filter((c) => c.kind === kind);
  if (wanted.length === 0) throw new Error(`no golden cases of kind ${kind} in ${file}.json`);
  return wanted;
}
