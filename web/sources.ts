/** Where a table comes from: a file that was dropped or chosen, or one that comes with the page. Nothing is sent anywhere. */
import { JobError } from './job.js';
import type { Reading, Source } from './messages.js';

/** Everything as the file itself tells it. */
export const TOLD_BY_FILE: Reading = { headerLine: '', encoding: '', missing: '', exclude: '', censored: '', schema: '' };

export const EMBEDDED = [
  { name: 'breast_cancer', title: 'Breast cancer biopsies (569 rows, 37% malignant)' },
  { name: 'pbc_visits', title: 'Rare liver disease, visits (1,844 rows, 5% with an event)' },
  { name: 'support2_icu', title: 'Seriously ill inpatients (9,105 rows, 8% die within 6 days)' },
] as const;

/**
 * A browser gives a page a few gigabytes. Tables of 500 and 1,000 MB, 31 columns each, took the renderer of headless Chromium at most 1.2 and
 * 2.1 GB to read (its peak resident memory, as `npm run bench -- --only page-read` tells it); half of the larger leaves memory to learn.
 */
const LARGEST_MB = 500;

export async function fileSource(file: File): Promise<Source> {
  checkSize(file);
  return { name: file.name.replace(/\.csv$/i, ''), file: file.name, content: file, description: null, reading: TOLD_BY_FILE };
}

/** Throws {@link JobError} for a file that is too large for a page. */
export function checkSize(file: File): void {
  const megabytes = file.size / 1e6;
  if (megabytes > LARGEST_MB) {
    throw new JobError(
      `${file.name} has ${Math.ceil(megabytes)} MB, more than the ${LARGEST_MB} MB that this page reads: leave out rows or columns, or use the command line (synthward augment), which stays on your machine as well.`,
      true,
    );
  }
}

export async function embeddedSource(name: string): Promise<Source> {
  const [csv, json] = await Promise.all([fetch(`data/${name}.csv`), fetch(`data/${name}.json`)]);
  if (!csv.ok || !json.ok) throw new Error(`the page's table ${name} is missing`);
  return { name, file: `${name}.csv`, content: await csv.blob(), description: await json.text(), reading: null };
}
