/**
 * Bytes that come in chunks, so that a file never lies in memory as a whole. Reading goes through them twice: once to see how the text is
 * written, once to read it (and once more where it is no UTF-8).
 */

/** Starts the bytes over; each call gives all of them. A chunk may be overwritten by the next one. */
export type Chunks = () => Iterable<Uint8Array>;
/** The same of bytes that have to be waited for. */
export type AsyncChunks = () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Bytes of a `File` that lie in memory at a time. */
const SLICE = 1 << 22;

/** The bytes of a `Blob`, such as the `File` of a page, 4 MB at a time. */
export const blobChunks = (blob: Blob): AsyncChunks =>
  async function* () {
    for (let at = 0; at < blob.size; at += SLICE) yield new Uint8Array(await blob.slice(at, at + SLICE).arrayBuffer());
  };

/** One way through all the bytes. */
export interface Pass {
  /** A piece of {@link PIECE} bytes, the last one shorter; overwritten by the next. */
  take(piece: Uint8Array): void;
  /** After the last piece. */
  end(): void;
}

/** Work that asks for one pass after the other and then returns what it found. */
export type Passes<T> = Generator<Pass, T, void>;

/** Large enough that calls cost nothing, small enough that the strings of a piece die young. */
export const PIECE = 1 << 18;

/** Cuts and joins chunks of any size to pieces of one. */
function pieces(pass: Pass): Pass {
  const held = new Uint8Array(PIECE);
  let length = 0;
  return {
    take(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const size = Math.min(PIECE - length, chunk.length - at);
        const part = chunk.subarray(at, at + size);
        at += size;
        if (size === PIECE) pass.take(part);
        else {
          held.set(part, length);
          length += size;
          if (length < PIECE) continue;
          pass.take(held);
          length = 0;
        }
      }
    },
    end() {
      if (length > 0) pass.take(held.subarray(0, length));
      pass.end();
    },
  };
}

/** Does the work on bytes that are at hand. */
export function goThrough<T>(passes: Passes<T>, chunks: Chunks): T {
  for (;;) {
    const step = passes.next();
    if (step.done) return step.value;
    const pass = pieces(step.value);
    for (const chunk of chunks()) pass.take(chunk);
    pass.end();
  }
}

/** The same on bytes that have to be waited for. */
export async function goThroughAsync<T>(passes: Passes<T>, chunks: AsyncChunks): Promise<T> {
  for (;;) {
    const step = passes.next();
    if (step.done) return step.value;
    const pass = pieces(step.value);
    for await (const chunk of chunks()) pass.take(chunk);
    pass.end();
  }
}
