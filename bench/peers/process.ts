/**
 * A measured system: a process that answers JSON lines on its standard input and output, one answer a request.
 *
 *   {"do": "prepare", "item", "folder"}   {"ready": version} | {"missing": what it needs} | {"error": text}
 *   {"do": "run"}                         {"seconds": CPU seconds, "value": what was computed, "note"?: text} | {"error": text}
 *   {"do": "end"}                         {"ended": true}; what the item held is let go
 *
 * Lines that are no JSON objects are passed over.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Request = { readonly do: 'prepare'; readonly item: string; readonly folder: string } | { readonly do: 'run' | 'end' };

/** What was computed: a number, or a file of float32 numbers. */
export type Value = number | { readonly file: string };

export interface Answer {
  readonly ready?: string;
  readonly missing?: string;
  readonly error?: string;
  readonly seconds?: number;
  readonly value?: Value;
  readonly note?: string;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface SystemProcess {
  /** The answer; a process that dies, cannot start or stays silent for `limitMs` answers with an error, now and ever after. */
  ask(request: Request, limitMs: number): Promise<Answer>;
  stop(): void;
}

/** One thread for every library that can be told so by the environment. */
const ONE_THREAD = Object.fromEntries(
  ['OMP', 'OPENBLAS', 'MKL', 'NUMEXPR', 'VECLIB_MAXIMUM'].map((library) => [`${library}_NUM_THREADS`, '1']),
);
const LAST_WORDS = 2000; // characters of the error output that are kept for the report of a death

export function startProcess({ command, args, env }: Command): SystemProcess {
  const child = spawn(command, args, { env: { ...process.env, ...ONE_THREAD, ...env }, stdio: 'pipe' });
  let gone: Answer | null = null;
  let waiting: ((answer: Answer) => void) | null = null;
  let errors = '';
  const settle = (answer: Answer) => {
    const resolve = waiting;
    waiting = null;
    resolve?.(answer);
  };
  const die = (answer: Answer) => {
    gone ??= answer;
    settle(gone);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = answerOf(line);
    if (answer) settle(answer);
  });
  child.stderr.on('data', (data) => {
    errors = `${errors}${data}`.slice(-LAST_WORDS);
  });
  child.stdin.on('error', () => {}); // of a process that is gone; `close` tells
  child.on('error', (error: NodeJS.ErrnoException) => die(error.code === 'ENOENT' ? { missing: command } : { error: error.message }));
  child.on('close', (code, signal) => die({ error: `died with ${signal ?? `exit status ${code}`}${lastWords(errors)}` }));
  return {
    ask: (request, limitMs) => {
      if (gone) return Promise.resolve(gone);
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          die({ error: `gave no answer to "${request.do}" within ${limitMs / 1000} s` });
          child.kill('SIGKILL');
        }, limitMs);
        waiting = (answer) => {
          clearTimeout(timer);
          resolve(answer);
        };
        child.stdin.write(`${JSON.stringify(request)}\n`);
      });
    },
    stop: () => {
      child.stdin.end();
      child.kill();
    },
  };
}

/** Of what a process wrote before it died: the last line that names an error, or else the last one. */
function lastWords(errors: string): string {
  const lines = errors
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const last = lines.filter((line) => /error/i.test(line)).at(-1) ?? lines.at(-1);
  return last ? `: ${last}` : '';
}

function answerOf(line: string): Answer | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return null;
  }
}
