/**
 * Raw deflate (RFC 1951), for the core that the bundle carries packed: base64 of what is packed already grows less under gzip than base64
 * of the core itself. Written out here because engines differ in what they offer for it.
 */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LONGEST_CODE = 15;

/** A Huffman code: how many codes there are of each length, and the symbols in the order of their codes. */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

function codeOf(lengths: ArrayLike<number>): Code {
  const counts = new Uint16Array(LONGEST_CODE + 1);
  for (let i = 0; i < lengths.length; i++) (counts[lengths[i] as number] as number)++;
  counts[0] = 0;
  const starts = new Uint16Array(LONGEST_CODE + 2);
  for (let length = 1; length <= LONGEST_CODE; length++) starts[length + 1] = (starts[length] as number) + (counts[length] as number);
  const symbols = new Uint16Array(lengths.length);
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i] as number;
    if (length > 0) symbols[(starts[length] as number)++] = i;
  }
  return { counts, symbols };
}

/** First values of length and distance symbols, and their extra bits: `extra(i)` of the i-th. */
function table(size: number, first: number, extra: (i: number) => number): [values: number[], bits: number[]] {
  const bits = Array.from({ length: size }, (_, i) => extra(i));
  let value = first;
  return [
    bits.map((own) => {
      value += 1 << own;
      return value - (1 << own);
    }),
    bits,
  ];
}

const [LENGTHS, LENGTH_BITS] = table(28, 3, (i) => (i < 8 ? 0 : (i >> 2) - 1));
const [DISTANCES, DISTANCE_BITS] = table(30, 1, (i) => (i < 4 ? 0 : (i >> 1) - 1));
const MOST_SYMBOLS = 288;

/** What `packed` holds, `size` bytes. It is trusted: it comes with the program. */
export function inflate(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let [at, to, hold, held] = [0, 0, 0, 0];
  const bits = (count: number): number => {
    while (held < count) {
      hold |= (packed[at++] as number) << held;
      held += 8;
    }
    const value = hold & ((1 << count) - 1);
    hold >>>= count;
    held -= count;
    return value;
  };
  const symbol = ({ counts, symbols }: Code): number => {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; ; length++) {
      code |= bits(1);
      const count = counts[length] as number;
      if (code - count < first) return symbols[index + code - first] as number;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
  };
  const dynamicCodes = (): [Code, Code] => {
    const [literals, distances, count] = [bits(5) + 257, bits(5) + 1, bits(4) + 4];
    const own = new Uint8Array(19);
    for (let i = 0; i < count; i++) own[ORDER[i] as number] = bits(3);
    const code = codeOf(own);
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length; ) {
      const what = symbol(code);
      if (what < 16) lengths[i++] = what;
      else {
        const [value, times] = what === 16 ? [lengths[i - 1] as number, 3 + bits(2)] : [0, what === 17 ? 3 + bits(3) : 11 + bits(7)];
        lengths.fill(value, i, i + times);
        i += times;
      }
    }
    return [codeOf(lengths.subarray(0, literals)), codeOf(lengths.subarray(literals))];
  };
  const fixedCodes = (): [Code, Code] => [
    codeOf(Array.from({ length: MOST_SYMBOLS }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
    codeOf(new Uint8Array(30).fill(5)),
  ];
  for (let last = 0; !last; ) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      [hold, held] = [0, 0];
      const count = (packed[at] as number) | ((packed[at + 1] as number) << 8);
      out.set(packed.subarray(at + 4, at + 4 + count), to);
      at += 4 + count;
      to += count;
      continue;
    }
    const [literal, distance] = kind === 1 ? fixedCodes() : dynamicCodes();
    for (let what = symbol(literal); what !== 256; what = symbol(literal)) {
      if (what < 256) {
        out[to++] = what;
        continue;
      }
      const l = what - 257;
      const length = l === 28 ? 258 : (LENGTHS[l] as number) + bits(LENGTH_BITS[l] as number);
      const d = symbol(distance);
      const from = to - (DISTANCES[d] as number) - bits(DISTANCE_BITS[d] as number);
      for (let i = 0; i < length; i++) out[to++] = out[from + i] as number;
    }
  }
  return out;
}
