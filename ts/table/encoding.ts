/**
 * From the bytes of a file to its text. UTF-8 is read as it is; text of Western Europe in Windows-1252 is recognised, and that is
 * said. Whatever else a file may be written in has to be named: a wrong guess would silently change patients' data.
 */
import { InputError } from '../errors.js';
import { quoted } from './names.js';

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

export interface Decoded {
  readonly text: string;
  /** What the reader should know of how it was decoded; null where there is nothing. */
  readonly warning: string | null;
}

const startsWith = (bytes: Uint8Array, ...head: number[]): boolean => head.every((byte, i) => bytes[i] === byte);

/** What a file that is no text at all looks like, and what to do with it. */
function foreignFormat(bytes: Uint8Array): string | null {
  const save = 'save the table as "CSV UTF-8" and give that file';
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return `an Excel workbook (.xlsx) or another ZIP archive, not a CSV; open it and ${save}`;
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) return `an old Excel workbook (.xls), not a CSV; open it and ${save}`;
  if (startsWith(bytes, 0x1f, 0x8b)) return 'a gzip archive, not a CSV; unpack it first';
  if (startsWith(bytes, 0x50, 0x41, 0x52, 0x31)) return 'a Parquet file, not a CSV; give it the ending .parquet';
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46)) return `a PDF, not a CSV; ${save}`;
  return null;
}

/** Two-byte text, with its mark or told by a zero in every second byte of the first characters; null where it is none. */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes.length % 2 === 0 && startsWith(bytes, 0xff, 0xfe)) return 'utf-16le';
  if (bytes.length % 2 === 0 && startsWith(bytes, 0xfe, 0xff)) return 'utf-16be';
  const head = bytes.subarray(0, 8);
  const zeros = (parity: number) => head.every((byte, i) => (i % 2 === parity) === (byte === 0));
  if (head.length < 8) return null;
  return zeros(1) ? 'utf-16le' : zeros(0) ? 'utf-16be' : null;
}

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

interface Fault {
  readonly offset: number;
  readonly line: number; // from 1
}

/** The first line that is not valid UTF-8 and its first byte that is not. No character of UTF-8 contains the byte of a line feed. */
function firstFault(bytes: Uint8Array): Fault {
  let line = 1;
  for (let start = 0; ; line++) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    if (!isUtf8(bytes.subarray(start, end)) || found < 0) {
      const own = bytes.subarray(start, end);
      let at = own.findIndex((byte) => byte >= 0x80);
      while (at >= 0 && at < own.length && isUtf8(own.subarray(0, at + charLength(own[at] as number)))) {
        at += charLength(own[at] as number);
      }
      return { offset: start + Math.max(at, 0), line };
    }
    start = end + 1;
  }
}

const charLength = (lead: number): number => (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);

/** Letters of Western European languages and signs of measurements in Windows-1252, without those that such text hardly has. */
const WESTERN = /^[ -~\t\r\nÀ-ÏÑ-ÖØ-ÝßÀ-ïñ-öø-ýŠŽšžŒœŸ°µ²³±½¼€„“”‘’–—…•§«»ªº]*$/;

/** Whether bytes that are no UTF-8 read as Windows-1252 without a doubtful sign. */
function western(bytes: Uint8Array): string | null {
  const text = new TextDecoder('windows-1252').decode(bytes);
  if (!WESTERN.test(text)) return null;
  return /[ÃÂ][\u0080-\u00bf]/.test(text) ? null : text; // also UTF-8 in places: a file of two encodings
}

/** Decodes a file's bytes, without the byte order mark. `encoding` is what the user says it is. */
export function decodeText(bytes: Uint8Array, file: string, encoding?: string): Decoded {
  const foreign = foreignFormat(bytes);
  if (foreign !== null) throw new InputError(`${file}: this is ${foreign}`);
  if (encoding !== undefined) return { text: decodeAs(bytes, file, encoding), warning: null };
  if (utf16Of(bytes) !== null) {
    throw new InputError(`${file}: the text is UTF-16; give --encoding utf-16, or save the table as "CSV UTF-8" and give that file`);
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), warning: null }; // drops the mark
  } catch {
    const { offset, line } = firstFault(bytes);
    const text = western(bytes);
    if (text !== null) {
      const word = /\S*[^ -~\s]\S*/.exec(text)?.[0] ?? '';
      return {
        text,
        warning: `the text is not UTF-8 (from line ${line}, byte ${offset}); read as Latin-1 (Windows-1252), for example ${quoted(cellOf(word))}: give --encoding if it is another`,
      };
    }
    throw new InputError(
      `${file}, line ${line}: the text is not valid UTF-8 (byte ${offset}), and not surely Latin-1; give its --encoding, such as latin1, or save the table as "CSV UTF-8"`,
    );
  }
}

/** The part of a word between delimiters that holds the letter in question. */
const cellOf = (word: string): string => word.split(/[,;\t|"]/).find((part) => /[^ -~]/.test(part)) ?? word;

function decodeAs(bytes: Uint8Array, file: string, encoding: string): string {
  const known = Object.hasOwn(ENCODINGS, encoding.toLowerCase()) ? ENCODINGS[encoding.toLowerCase()] : undefined;
  if (known === undefined) {
    throw new InputError(
      `"encoding" expected one of utf-8, utf-16, latin1, windows-1250, windows-1251, iso-8859-2, macroman, got ${encoding}`,
    );
  }
  const label = known === 'utf-16' ? (utf16Of(bytes) ?? 'utf-16le') : known;
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${file}: the text is not valid ${encoding}; name another --encoding, or save the table as "CSV UTF-8"`);
  }
}
