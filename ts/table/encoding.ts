/** From the bytes of a file to its text, piece by piece. survey.ts finds out which encoding they are in. */
import { InputError } from '../errors.js';

/** Names of encodings as users write them, and as the platform's decoder knows them. */
const ENCODINGS: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  'utf-8': 'utf-8',
  utf16: 'utf-16',
  'utf-16': 'utf-16',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  latin1: 'windows-1252', // what the platform reads Latin-1 as; it has more letters, and the same at the same place
  'latin-1': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  cp1252: 'windows-1252',
  'windows-1252': 'windows-1252',
  'iso-8859-2': 'iso-8859-2',
  latin2: 'iso-8859-2',
  'iso-8859-15': 'iso-8859-15',
  cp1250: 'windows-1250',
  'windows-1250': 'windows-1250',
  cp1251: 'windows-1251',
  'windows-1251': 'windows-1251',
  macroman: 'macintosh',
};

const startsWith = (bytes: Uint8Array, ...head: number[]): boolean => head.every((byte, i) => bytes[i] === byte);

/** What a file that is no text at all looks like, and what to do with it. */
export function foreignFormat(bytes: Uint8Array): string | null {
  const save = 'save the table as "CSV UTF-8" and give that file';
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return `an Excel workbook (.xlsx) or another ZIP archive, not a CSV; open it and ${save}`;
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return `an old Excel workbook (.xls), not a CSV; open it and ${save}`;
  if (startsWith(bytes, 0x1f, 0x8b)) return 'a gzip archive, not a CSV; unpack it first';
  if (startsWith(bytes, 0x50, 0x41, 0x52, 0x31)) return 'a Parquet file, not a CSV; give it the ending .parquet';
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46)) return `a PDF, not a CSV; ${save}`;
  return null;
}

/** Two-byte text, with its mark or told by a zero in every second byte of the first eight, which `head` holds; null where it is none. */
export function utf16Of(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (startsWith(head, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(head, 0xfe, 0xff)) return 'utf-16be';
  const zeros = (parity: number) => head.every((byte, i) => (i % 2 === parity) === (byte === 0));
  if (head.length < 8) return null;
  return zeros(1) ? 'utf-16le' : zeros(0) ? 'utf-16be' : null;
}

/** What the platform's decoder calls an encoding; `head` tells the order of two bytes. Throws {@link InputError} for an unknown name. */
export function labelOf(encoding: string, head: Uint8Array): string {
  const known = Object.hasOwn(ENCODINGS, encoding.toLowerCase()) ? ENCODINGS[encoding.toLowerCase()] : undefined;
  if (known === undefined) {
    throw new InputError(
      `"encoding" expected one of utf-8, utf-16, latin1, windows-1250, windows-1251, iso-8859-2, macroman, got ${encoding}`,
    );
  }
  return known === 'utf-16' ? (utf16Of(head) ?? 'utf-16le') : known;
}

/** Turns pieces into text, without the byte order mark. */
export interface Decoder {
  decode(piece: Uint8Array): string;
  /** What is left at the end. */
  end(): string;
}

/** A decoder by the platform's name of the encoding. It throws `fault()` for bytes that are no such text. */
export function decoderOf(label: string, fault: () => InputError): Decoder {
  const decoder = label === 'utf-8' ? new Utf8() : streaming(label);
  const guard = (decode: () => string): string => {
    try {
      return decode();
    } catch {
      throw fault();
    }
  };
  return { decode: (piece) => guard(() => decoder.decode(piece)), end: () => guard(() => decoder.end()) };
}

function streaming(label: string): Decoder {
  const decoder = new TextDecoder(label, { fatal: true });
  return { decode: (piece) => decoder.decode(piece, { stream: true }), end: () => decoder.decode() };
}

/** Where bytes are no UTF-8. */
export class Malformed extends Error {
  readonly offset: number; // in the file, of the character's first byte
  readonly lineFeeds: number; // before it in its piece

  constructor(offset: number, lineFeeds: number) {
    super('malformed UTF-8');
    this.offset = offset;
    this.lineFeeds = lineFeeds;
  }
}

/**
 * UTF-8, with whole characters in each call of the platform's decoder: in Node that is several times as fast as its streams, and text of
 * one byte a character stays so. Throws {@link Malformed}.
 */
export class Utf8 implements Decoder {
  #rest = new Uint8Array(0);
  #offset = 0; // of the rest in the file
  #decoder = new TextDecoder('utf-8', { fatal: true });

  decode(piece: Uint8Array): string {
    const bytes = this.#rest.length === 0 ? piece : joined(this.#rest, piece);
    return this.#decoded(bytes, wholeCharacters(bytes));
  }

  end(): string {
    return this.#decoded(this.#rest, this.#rest.length);
  }

  #decoded(bytes: Uint8Array, end: number): string {
    const whole = bytes.subarray(0, end);
    let text = '';
    try {
      text = this.#decoder.decode(whole);
    } catch {
      const at = firstMalformed(whole);
      throw new Malformed(
        this.#offset + at,
        whole.subarray(0, at).reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0),
      );
    }
    if (end > 0) this.#decoder = WITHOUT_MARK;
    this.#rest = bytes.slice(end);
    this.#offset += end;
    return text;
  }
}

/** After the first piece a byte order mark is a character like any other. */
const WITHOUT_MARK = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

/** Length of a character by its first byte. */
const charLength = (lead: number): number => (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);

/** Where the last character begins, if it may go on in the next piece; else the end. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte >= 0xc0) return charLength(byte) > back ? bytes.length - back : bytes.length;
    if (byte < 0x80) break;
  }
  return bytes.length;
}

/** The first byte of the first character that is none. */
function firstMalformed(bytes: Uint8Array): number {
  let at = 0;
  for (; at < bytes.length; at += charLength(bytes[at] as number)) {
    if ((bytes[at] as number) < 0x80) continue;
    try {
      WITHOUT_MARK.decode(bytes.subarray(at, at + charLength(bytes[at] as number)));
    } catch {
      break;
    }
  }
  return at;
}
