/** How far a study is: a bar on a terminal, one plain line a cell in a log. Written to stderr, so that results stay clean on stdout. */
import { SingleBar } from 'cli-progress';
import type { Progress } from '../generate/generator.js';
import type { Cell } from '../study/cell.js';

export interface StudyProgress {
  start(cell: Cell): void;
  done(cell: Cell, seconds: number, error: string | null): void;
  stop(): void;
}

/** 45 s, 3 min, 1 h 20 min. */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 90) return `${s} s`;
  const minutes = Math.round(s / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const nameOf = ({ dataset, method, split, ratio }: Cell): string =>
  `${dataset} · ${method} · split ${split}${ratio === 1 ? '' : ` · ratio ${ratio}`}`;
/** Cells of one kind take about the same time on every split. */
const kindOf = ({ dataset, method }: Cell): string => `${dataset}\t${method}`;

/** Seconds until `left` is done: a kind's mean so far, and for kinds not seen yet the mean of the others. */
export class TimeLeft {
  #seconds = new Map<string, { sum: number; n: number }>();
  readonly #left: Map<string, number>;

  constructor(
    cells: readonly Cell[],
    private readonly workers: number,
  ) {
    this.#left = new Map();
    for (const cell of cells) this.#left.set(kindOf(cell), (this.#left.get(kindOf(cell)) ?? 0) + 1);
  }

  done(cell: Cell, seconds: number): void {
    const kind = kindOf(cell);
    const seen = this.#seconds.get(kind) ?? { sum: 0, n: 0 };
    this.#seconds.set(kind, { sum: seen.sum + seconds, n: seen.n + 1 });
    this.#left.set(kind, (this.#left.get(kind) ?? 1) - 1);
  }

  get seconds(): number {
    const means = [...this.#seconds.values()].map(({ sum, n }) => sum / n);
    const typical = means.reduce((a, b) => a + b, 0) / Math.max(1, means.length);
    let total = 0;
    for (const [kind, count] of this.#left) {
      const seen = this.#seconds.get(kind);
      total += count * (seen ? seen.sum / seen.n : typical);
    }
    return total / this.workers;
  }
}

export function studyProgress(
  cells: readonly Cell[],
  finished: number,
  workers: number,
  stream: NodeJS.WriteStream = process.stderr,
): StudyProgress {
  const total = cells.length + finished;
  const left = new TimeLeft(cells, workers);
  return stream.isTTY ? bar(total, finished, left, stream) : log(total, finished, left, stream);
}

function bar(total: number, finished: number, left: TimeLeft, stream: NodeJS.WriteStream): StudyProgress {
  const single = new SingleBar({
    stream,
    format: '{bar} {value}/{total} · {left} left · {cell}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: false,
    gracefulExit: false,
    etaAsynchronousUpdate: false,
  });
  single.start(total, finished, { left: '…', cell: '' });
  return {
    start: (cell) => single.update({ cell: nameOf(cell) }),
    done: (cell, seconds, error) => {
      left.done(cell, seconds);
      if (error) {
        single.stop();
        stream.write(`failed: ${nameOf(cell)}: ${error}\n`);
        single.start(total, ++finished, { left: duration(left.seconds), cell: nameOf(cell) });
      } else single.update(++finished, { left: duration(left.seconds), cell: nameOf(cell) });
    },
    stop: () => single.stop(),
  };
}

function log(total: number, finished: number, left: TimeLeft, stream: NodeJS.WriteStream): StudyProgress {
  return {
    start: () => undefined,
    done: (cell, seconds, error) => {
      left.done(cell, seconds);
      finished++;
      const rest = finished < total ? `${duration(left.seconds)} left` : 'done';
      stream.write(`[${finished}/${total}] ${nameOf(cell)} · ${error ? `failed: ${error}` : `${seconds.toFixed(1)} s`} · ${rest}\n`);
    },
    stop: () => undefined,
  };
}

/** One line that is written over, on a terminal only: what a single task is at. */
export function progressLine(stream = process.stderr): { show(progress: Progress): void; clear(): void } {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    show: ({ phase, done, total }) => stream.write(`\r${phase} ${Math.floor((100 * done) / Math.max(1, total))}% \x1b[K`),
    clear: () => stream.write('\r\x1b[K'),
  };
}
