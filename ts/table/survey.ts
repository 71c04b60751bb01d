/**
 * How the text of a file is written, found before a cell is read. UTF-8 is read as it is; text of Western Europe in Windows-1252 is
 * recognised, and that is said. Whatever else a file may be written in has to be named: a wrong guess would silently change patients' data.
 */
import { InputError } from '../errors.js';
import type { Passes } from './chunks.js';
import { type Decoder, decoderOf, foreignFormat, labelOf, Malformed, Utf8, utf16Of } from './encoding.js';
import { quoted } from './names.js';

/** What all of a text is like; `take` gets it piece by piece. */
export class TextFacts {
  blank = true;
  hasQuotes = false;
  hasReturns = false;
  /** Line feeds, and how many there are before the first NUL; null where there is none. */
  lineFeeds = 0;
  nulAfter: number | null = null;

  take(text: string): void {
    this.blank &&= text.trim() === '';
    this.hasQuotes ||= text.includes('"');
    this.hasReturns ||= text.includes('\r');
    const nul = this.nulAfter === null ? text.indexOf('\0') : -1;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      if (nul >= 0 && at > nul) this.nulAfter ??= this.lineFeeds;
      this.lineFeeds += 1;
    }
    if (nul >= 0) this.nulAfter ??= this.lineFeeds;
  }

  get newline(): '\n' | '\r' {
    return this.lineFeeds > 0 ? '\n' : '\r';
  }

  /** Throws {@link InputError} for what is no table at all. */
  check(file: string): void {
    if (this.blank) throw new InputError(`${file}: the file is empty; it needs a header line and at least one row`);
    if (this.nulAfter !== null) {
      throw new InputError(
        `${file}, line ${this.nulAfter + 1}: there is a NUL byte, so this is no plain text; export the table again as "CSV UTF-8"`,
      );
    }
  }
}

export interface Survey {
  /** What the platform's decoder calls the encoding. */
  readonly label: string;
  readonly facts: TextFacts;
  /** What the reader should know of how the bytes are decoded; null where there is nothing. */
  readonly warning: string | null;
}

/** Goes through the bytes, and through them again where they are no UTF-8. `encoding` is what the user says that they are. */
export function* surveyed(file: string, encoding?: string): Passes<Survey> {
  if (encoding !== undefined) return yield* surveyedAs(encoding, file);
  const facts = new TextFacts();
  const utf8 = new Utf8();
  let head = new Uint8Array(0);
  let length = 0;
  let fault: { readonly offset: number; readonly line: number } | null = null;
  const look = (decode: () => string): void => {
    if (fault !== null) return;
    try {
      facts.take(decode());
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      fault = { offset: error.offset, line: facts.lineFeeds + error.lineFeeds + 1 };
    }
  };
  yield {
    take(piece) {
      if (length === 0) {
        head = piece.slice(0, 8);
        refuseForeign(head, file);
      }
      length += piece.length;
      look(() => utf8.decode(piece));
    },
    end: () => look(() => utf8.end()),
  };
  const marked = (head[0] ?? 0) >= 0xfe;
  if (utf16Of(head) !== null && (length % 2 === 0 || !marked)) {
    throw new InputError(`${file}: the text is UTF-16; give --encoding utf-16, or save the table as "CSV UTF-8" and give that file`);
  }
  return fault === null ? { label: 'utf-8', facts, warning: null } : yield* surveyedWestern(fault, file);
}

function refuseForeign(head: Uint8Array, file: string): void {
  const foreign = foreignFormat(head);
  if (foreign !== null) throw new InputError(`${file}: this is ${foreign}`);
}

function* surveyedAs(encoding: string, file: string): Passes<Survey> {
  const facts = new TextFacts();
  const fault = () =>
    new InputError(`${file}: the text is not valid ${encoding}; name another --encoding, or save the table as "CSV UTF-8"`);
  let label = '';
  let decoder: Decoder | null = null;
  const begun = (head: Uint8Array): Decoder => {
    refuseForeign(head, file);
    label = labelOf(encoding, head.subarray(0, 8));
    return decoderOf(label, fault);
  };
  yield {
    take(piece) {
      decoder ??= begun(piece);
      facts.take(decoder.decode(piece));
    },
    end() {
      decoder ??= begun(new Uint8Array(0));
      facts.take(decoder.end());
    },
  };
  return { label, facts, warning: null };
}

/** Letters of Western European languages and signs of measurements in Windows-1252, without those that such text hardly has. */
const WESTERN = /^[ -~\t\r\nÀ-ÏÑ-ÖØ-ÝßÀ-ïñ-öø-ýŠŽšžŒœŸ°µ²³±½¼€„“”‘’–—…•§«»ªº]*$/;

/** Whether bytes that are no UTF-8 read as Windows-1252 without a doubtful sign. */
function* surveyedWestern({ offset, line }: { readonly offset: number; readonly line: number }, file: string): Passes<Survey> {
  const label = 'windows-1252';
  const decoder = new TextDecoder(label);
  const facts = new TextFacts();
  const example = new FirstWord();
  let western = true;
  let last = '';
  const take = (text: string): void => {
    const pair = /[ÃÂ][\u0080-\u00bf]/.test(last + text); // also UTF-8 in places: a file of two encodings
    western &&= WESTERN.test(text) && !pair;
    last = text.slice(-1);
    example.take(text);
    facts.take(text);
  };
  yield { take: (piece) => take(decoder.decode(piece, { stream: true })), end: () => take(decoder.decode()) };
  if (!western) {
    throw new InputError(
      `${file}, line ${line}: the text is not valid UTF-8 (byte ${offset}), and not surely Latin-1; give its --encoding, such as latin1, or save the table as "CSV UTF-8"`,
    );
  }
  const said = `read as Latin-1 (Windows-1252), for example ${quoted(cellOf(example.word))}: give --encoding if it is another`;
  return { label, facts, warning: `the text is not UTF-8 (from line ${line}, byte ${offset}); ${said}` };
}

/** The part of a word between delimiters that holds the letter in question. */
const cellOf = (word: string): string => word.split(/[,;\t|"]/).find((part) => /[^ -~]/.test(part)) ?? word;

/** The first word of a text with a letter beyond ASCII in it. */
class FirstWord {
  word = ''; // until it is whole: what it may begin with
  #whole = false;

  take(text: string): void {
    if (this.#whole) return;
    const all = this.word + text;
    const at = all.search(/[^ -~\s]/);
    let start = at < 0 ? all.length : at;
    while (start > 0 && !/\s/.test(all[start - 1] as string)) start -= 1;
    const length = at < 0 ? -1 : all.slice(start).search(/\s/);
    this.#whole = length >= 0;
    this.word = length < 0 ? all.slice(start) : all.slice(start, start + length);
  }
}
