/** The relaxed core's lines: in this process where the engine has relaxed SIMD, else in one that is started with the flag for it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hasRelaxed } from '../ts/bench/limits.js';
import { type BenchItem, type BenchLine, notRun } from '../ts/bench/line.js';
import { settingOf } from './setting.js';

const FLAG = '--experimental-wasm-relaxed-simd'; // Node 20 and 21
const NEEDS = 'an engine with relaxed SIMD (Node 20 or newer)';

/** `gemm-256, NN` becomes `gemm-256 relaxed, NN`. */
const renamed = (name: string, line: BenchLine): BenchLine => ({ ...line, item: `${name} relaxed${line.item.slice(name.length)}` });

export async function relaxedLines({ name, run }: BenchItem): Promise<readonly BenchLine[]> {
  if (hasRelaxed()) return (await run(settingOf('relaxed'))).map((line) => renamed(name, line));
  if (process.execArgv.includes(FLAG)) return [notRun(`${name} relaxed`, '', NEEDS)];
  const args = [
    FLAG,
    '--import',
    'tsx',
    fileURLToPath(new URL('./run.ts', import.meta.url)),
    '--json',
    '--variant',
    'relaxed',
    '--only',
    name,
  ];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 24 });
    return (JSON.parse(stdout) as BenchLine[]).filter(({ item }) => item.startsWith(`${name} relaxed`));
  } catch (error) {
    if (!/bad option|relaxed/i.test((error as { stderr?: string }).stderr ?? '')) throw error;
    return [notRun(`${name} relaxed`, '', NEEDS)];
  }
}
