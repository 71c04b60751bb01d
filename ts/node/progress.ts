/** How far a study is: a bar on a terminal, one plain line a cell in a log. Written to stderr, so that results stay clean on stdout. */
import { SingleBar } from 'cli-progress';
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

/** Seconds until the cells are done: a kind's mean so far; a kind not seen yet by its cost, at the pace of what was seen. */
export class TimeLeft {
  readonly #kinds = new Map<string, { readonly cost: number; left: number; seconds: number; done: number }>();

  constructor(
    cells: readonly Cell[],
    private readonly workers: number,
    cost: (cell: Cell) => number,
  ) {
    for (const cell of cells) {
      const kind = this.#kinds.get(kindOf(cell));
      if (kind) kind.left++;
      else this.#kinds.set(kindOf(cell), { cost: cost(cell), left: 1, seconds: 0, done: 0 });
    }
  }

  done(cell: Cell, seconds: number): void {
    const kind = this.#kinds.get(kindOf(cell));
    if (!kind) return;
    kind.left--;
    kind.done++;
    kind.seconds += seconds;
  }

  get seconds(): number {
    let [spent, cost, total] = [0, 0, 0];
    for (const kind of this.#kinds.values()) {
      spent += kind.seconds;
      cost += kind.done * kind.cost;
    }
    for (const kind of this.#kinds.values()) {
      total += kind.left * (kind.done > 0 ? kind.seconds / kind.done : (kind.cost * spent) / Math.max(1, cost));
    }
    return total / this.workers;
  }
}

/** What a progress display starts from. */
export interface ProgressPlan {
  readonly cells: readonly Cell[];
  /** Cells that an earlier run has finished. */
  readonly finished: number;
  readonly workers: number;
  readonly cost: (cell: Cell) => number;
}

export function studyProgress(
  { cells, finished, workers, cost }: ProgressPlan,
  stream: NodeJS.WriteStream = process.stderr,
): StudyProgress {
  const total = cells.length + finished;
  const left = new TimeLeft(cells, workers, cost);
  return stream.isTTY ? bar(total, finished, left, stream) : log(total, finished, left, stream);
}

/** How every bar looks; the format is its own. */
export const BAR_STYLE = {
  barCompleteChar: '█',
  barIncompleteChar: '░',
  barsize: 24,
  hideCursor: true,
  clearOnComplete: true,
  linewrap: false,
  gracefulExit: false,
  etaAsynchronousUpdate: false,
};

function bar(total: number, finished: number, left: TimeLeft, stream: NodeJS.WriteStream): StudyProgress {
  const single = new SingleBar({
    stream,
    format: '{bar} {value}/{total} · {left} left · {cell}',
    ...BAR_STYLE,
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
