/** Times drawn for the rows of a batch, each embedded once. Dimensions: B batch rows, T steps of time, U embedded times, H hidden width. */
import type { Backend, Matrix, Words } from '../backend/backend.js';
import type { Stream } from '../random.js';

/** What the time embedding of a batch is made of: U embedded times (U, H), and the row of each batch row (B). */
export interface BatchTimes {
  readonly table: Matrix;
  readonly index: Words;
}

export interface TimeTables {
  /** The times of the batch embedded last (B). */
  readonly words: Words;
  /** The most rows that a table has. */
  readonly most: number;
  /** Embeds the times of a batch (B). */
  embed(times: Uint32Array): BatchTimes;
  /** The same for times drawn evenly. */
  draw(stream: Stream): BatchTimes;
}

/** Tables have a multiple of so many rows, so that a backend that prepares itself for each shape meets few. */
const STEP = 16;

const counting = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i);

/**
 * The embedding of the times of a batch, each time that occurs once. Where nearly all T will occur, the whole table is used as it
 * is; else its rows in the order of their first use, and behind them time 0, which no row of the batch points to.
 */
export function batchTimes(backend: Backend, T: number, B: number, hidden: number): TimeTables {
  const words = backend.words(B);
  const all = backend.matrix(T, hidden);
  backend.diffusion.timeEmbedding(backend.words(T, counting(T)), all);
  const whole = 2 * T <= B;
  const most = Math.min(B, T);
  const once = whole ? () => ({ table: all, index: words }) : distinctTimes(backend, all, B, most);
  const embed = (times: Uint32Array): BatchTimes => {
    backend.writeWords(words, times);
    return once(times);
  };
  const drawn = new Uint32Array(B);
  const draw = (stream: Stream) => {
    stream.take(0); // every batch begins with a block of its own
    for (let i = 0; i < B; i++) drawn[i] = stream.below(T);
    return embed(drawn);
  };
  return { words, most, embed, draw };
}

/** Picks from all embedded times (T, H) those of a batch, each once; at most `most`. */
function distinctTimes(backend: Backend, all: Matrix, B: number, most: number): (times: Uint32Array) => BatchTimes {
  const [table, list, index] = [backend.matrix(most, all.cols), backend.words(most), backend.words(B)];
  const [place, rows, distinct] = [new Int32Array(all.rows), new Uint32Array(B), new Uint32Array(most)];
  return (times) => {
    place.fill(-1);
    distinct.fill(0);
    let used = 0;
    for (let i = 0; i < B; i++) {
      const t = times[i] as number;
      if (place[t] === -1) {
        place[t] = used;
        distinct[used++] = t;
      }
      rows[i] = place[t] as number;
    }
    backend.writeWords(list, distinct);
    backend.writeWords(index, rows);
    backend.network.gatherRows(all, list, table);
    return { table: backend.view(table, 0, Math.min(most, STEP * Math.ceil(used / STEP)), all.cols), index };
  };
}
