/** The built command line as a user runs it, and a small seeded table for it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { runProgram } from '../../ts/cli/program.js';
import { Stream } from '../../ts/random.js';
import { TIME_FIELDS } from '../../ts/study/result.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
if (!existsSync(cli)) throw new Error('these tests run dist/cli.js: run `npm run build` first');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function synthward(folder: string, ...args: (string | number)[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args.map(String)], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

export const start = (folder: string, ...args: (string | number)[]): ChildProcess =>
  spawn(process.execPath, [cli, ...args.map(String)], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

/** Fails unless the command ended well. */
export function succeeds(ended: Ended): Ended {
  assert.is(ended.status, 0, ended.stderr);
  return ended;
}

/** The command in this process, so that many can be tried: what it says on stderr and stdout, and its exit code. */
export async function inProcess(folder: string, args: readonly (string | number)[]): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const here = process.cwd();
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const { write } = process[name];
    process[name].write = ((text: string) => {
      said[name] += text;
      return true;
    }) as typeof write;
    return () => {
      process[name].write = write;
    };
  });
  process.chdir(folder);
  try {
    return { status: await runProgram(args.map(String), new AbortController().signal), ...said };
  } finally {
    process.chdir(here);
    for (const back of restore) back();
  }
}

/** Exit 2, one sentence on stderr that says `text`, no stack trace, and nothing new in the folder. */
export async function refuses(folder: string, args: readonly (string | number)[], text: RegExp, run = inProcess): Promise<void> {
  const before = listing(folder);
  const { status, stdout, stderr } = await run(folder, args);
  assert.is(status, 2, `exit ${status} of ${args.join(' ')}: ${stderr}`);
  assert.ok(text.test(stderr), `${args.join(' ')} should say ${text}, said: ${stderr}`);
  const sentences = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('note: '));
  assert.is(sentences.length, 1, stderr);
  assert.not.match(stderr, /\n\s+at |node:internal|Error:/);
  assert.is(stdout, '');
  assert.equal(listing(folder), before, 'nothing is written');
}

const listing = (folder: string): string[] => readdirSync(folder, { recursive: true }).map(String).sort();

/** 160 patients, 40 of them positive, with a number, an integer, a level column, missing cells, an identifier and a text. */
export function writeCohort(file: string, rows = 160, seed = 5): void {
  const stream = Stream.fromSeed(seed);
  const lines = ['id,age,dose,ward,lactate,note,died'];
  for (let row = 0; row < rows; row++) {
    const died = row % 4 === 0;
    const age = (50 + 30 * stream.uniform() + (died ? 8 : 0)).toFixed(1);
    const lactate = stream.uniform() < 0.1 ? '' : (1 + 2 * stream.uniform() + (died ? 1 : 0)).toFixed(2);
    lines.push(
      `p${row >> 1},${age},${stream.below(60)},${['icu', 'surgery', 'medicine'][stream.below(3)]},${lactate},note ${row},${died ? 'yes' : 'no'}`,
    );
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}

export const COHORT = ['--datasets', 'cohort.csv', '--target', 'died', '--exclude', 'id'] as const;

/** Lines of a results file without what differs from run to run, sorted. */
export function settledLines(folder: string): string[] {
  return readFileSync(join(folder, 'results.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const value = JSON.parse(line) as Record<string, unknown>;
      for (const field of TIME_FIELDS) delete value[field];
      return JSON.stringify(value);
    })
    .sort();
}
