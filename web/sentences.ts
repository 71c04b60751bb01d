/** Sentences of the library and the command line as this page says them: its fields for their options. */

const FIELDS: Readonly<Record<string, string>> = {
  '--header-line': '“Header line”',
  '--encoding': '“Encoding”',
  '--missing': '“Missing codes”',
  '--exclude': '“Columns left out”',
  '--censored': '“Values beyond a limit”',
  '--schema': '“Schema”',
  '--target': '“Outcome”',
  '--positive': '“The rare value”',
  '--group': '“Column of patients”',
  '--method': '“Method”',
};

export const inPage = (text: string): string =>
  text
    .replace(/(?<![\w-])--[a-z]+(?:-[a-z]+)*/g, (option) => FIELDS[option] ?? option)
    .replace('give it the ending .parquet', 'the command line reads it; for this page export it as "CSV UTF-8"');

/** Whether a sentence, as the page says it, names a field of "How this file is read". */
export const isOfReading = (sentence: string): boolean =>
  ['--header-line', '--encoding', '--missing', '--exclude', '--censored', '--schema'].some((option) =>
    sentence.includes(FIELDS[option] as string),
  ) || sentence.includes('in a schema');

/** A warning that stands below its file's name: without it, with a capital and a full stop. */
export function warningSentence(text: string, file: string): string {
  const own = inPage(text.startsWith(`${file}: `) ? text.slice(file.length + 2) : text);
  const ofAnother = /^[^\s:]+\.\w+[:,]/.test(own); // begins with a file's name, which stays as it is
  return ofAnother ? `${own}.` : `${own[0]?.toUpperCase()}${own.slice(1)}.`;
}
