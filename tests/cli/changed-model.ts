/** Model files that other versions might have written. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '../../ts/store/safetensors.js';

/** A copy of a file with other texts, whole as the one that it was made of; its name. */
export function changedModel(folder: string, from: string, name: string, texts: Record<string, string>): string {
  const { metadata, tensors } = readSafetensors(readFileSync(join(folder, from)), from);
  const { crc32: _, ...own } = Object.fromEntries(metadata);
  writeFileSync(join(folder, name), writeSafetensors({ ...own, ...texts }, Object.fromEntries(tensors)));
  return name;
}

/** What they say of themselves, by a name for each. */
export const OTHER_VERSIONS: Readonly<Record<'newer' | 'older' | 'method' | 'foreign', Record<string, string>>> = {
  newer: { format: 'synthward-model-2', synthward: '3.1.4' },
  older: { format: 'synthward-model-0', synthward: '0.0.1' },
  method: { method: 'of-tomorrow', synthward: '3.1.4' },
  foreign: { format: 'pt' },
};
