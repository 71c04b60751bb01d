/** How far the cohort is: a bar on a terminal, one plain line a table in a log. On stderr. */
import { SingleBar } from 'cli-progress';
import { BAR_STYLE, duration } from '../progress.js';
import type { CohortProgress, CohortStep } from './cohort.js';

/** A log hears of a long table every so often. */
const LOG_MS = 30_000;

/** 512 kB, 9.5 MB, 4.2 GB. */
function fileSize(bytes: number): string {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
  ] as const)
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`;
  return `${Math.ceil(bytes / 1e3)} kB`;
}

const titleOf = ({ title, at, of, bytes }: CohortStep): string => `[${at}/${of}] ${title}${bytes === null ? '' : ` (${fileSize(bytes)})`}`;

export function cohortProgress(stream: NodeJS.WriteStream = process.stderr): CohortProgress {
  return stream.isTTY ? bar(stream) : log(stream);
}

function bar(stream: NodeJS.WriteStream): CohortProgress {
  const single = new SingleBar({
    stream,
    format: '{bar} {percentage}% · {title} · {passed}',
    ...BAR_STYLE,
  });
  let begun = 0;
  const passed = () => duration((Date.now() - begun) / 1000);
  return {
    start: (step) => {
      single.stop();
      begun = Date.now();
      single.start(100, 0, { title: titleOf(step), passed: passed() });
    },
    share: (share) => single.update(Math.floor(100 * share), { passed: passed() }),
    done: () => single.update(100),
    stop: () => single.stop(),
  };
}

function log(stream: NodeJS.WriteStream): CohortProgress {
  let [title, begun, told] = ['', 0, 0];
  return {
    start: (step) => {
      title = titleOf(step);
      begun = told = Date.now();
    },
    share: (share) => {
      const now = Date.now();
      if (now - told < LOG_MS) return;
      told = now;
      stream.write(`${title} · ${Math.floor(100 * share)}% after ${duration((now - begun) / 1000)}\n`);
    },
    done: () => stream.write(`${title} · ${((Date.now() - begun) / 1000).toFixed(1)} s\n`),
    stop: () => {},
  };
}
