/** Where the evidence of a run goes. */
import { join } from 'node:path';

export const evidenceFiles = (folder: string): [text: string, page: string] => [
  join(folder, 'evidence.json'),
  join(folder, 'evidence.html'),
];
