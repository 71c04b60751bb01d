/** What DuckDB says when a file cannot be read, as one plain sentence. */
import { CancelledError, ComputeError, InputError } from '../../errors.js';
import { quoted } from '../../table/names.js';

const OTHER_FILE = 'the file is damaged, or not the one of MIMIC-III';

/** The error to show for one that came up while `file` was read with so much `memory`. Faults of the program stay as they are. */
export function readingFault(error: unknown, file: string, memory: string): Error {
  const text = (error as Error).message;
  if (error instanceof CancelledError || error instanceof InputError || /^(Binder|Parser|Catalog) Error/.test(text)) return error as Error;
  if (/Out of Memory/i.test(text)) {
    return new ComputeError(`${memory} of memory do not suffice for ${file}: give more with --memory, or fewer --threads`);
  }
  if (/No space left|max_temp_directory_size/i.test(text)) {
    return new InputError(`no space is left in the folder of --out for what does not fit into ${memory} of memory`);
  }
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  return new InputError(`${line === undefined ? file : `${file}, line ${line}`}: ${readingProblem(text)}`);
}

function readingProblem(text: string): string {
  const cells = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  if (cells) return `expected ${cells[1]} cells, got ${cells[2]}; the file is cut off or damaged`;
  if (/unterminated quote|quotes? should/i.test(text)) return 'a quoted text does not end; the file is cut off or damaged';
  const word = /Could not convert string '(.*)' to '?(?:\w*INT|DOUBLE)/s.exec(text);
  if (word) return `expected a number, got ${quoted(word[1] as string)}; ${OTHER_FILE}`;
  const time = /(?:timestamp|date) field value out of range: "(.*)"|invalid (?:timestamp|date) field format: "(.*)"/s.exec(text);
  if (time) return `expected a time such as 2150-03-01 08:00:00, got ${quoted((time[1] ?? time[2]) as string)}; ${OTHER_FILE}`;
  // Bytes that are no UTF-8 end in an internal error of DuckDB 1.5.
  if (/unicode|utf-?8|^INTERNAL/i.test(text)) return `expected text in UTF-8; ${OTHER_FILE}`;
  return (text.split('\n')[0] as string).replace(/^\w[\w ]* Error: /, '');
}
