/** Fitted classifiers of a small table, and Python beside them. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wasmBackend } from '../../ts/backend/select.js';
import { openClassifier } from '../../ts/classifier-model.js';
import { Boosting, RandomForest, Table } from '../../ts/index.js';
import { cohortCsv } from '../library/cohort.js';
import { temporaryFolder } from '../node/folder.js';
import { PYTHON } from '../requirements.js';

export const backend = await wasmBackend();
export const folder = temporaryFolder();

const schema = { columns: { stage: { kind: 'ordinal', levels: ['low', 'mid', 'high'] } } } as const;

/** The small table with a level that has brackets, an ordinal column and missing levels. */
export const csv = cohortCsv(300, 60)
  .trimEnd()
  .split('\n')
  .map((line, row) => `${line.replace(',a,', ',a [<1],')},${row === 0 ? 'stage' : ['low', 'mid', 'high', ''][(row * 7) % 4]}`)
  .join('\n');
export const table = Table.fromCsv(`${csv}\n`, { name: 'cohort', schema });
export const roles = { target: 'died', positive: 'yes', exclude: ['id', 'note'], seed: 3 };

export const boosterBytes = async (rounds = 20) => (await Boosting.fit(table, { ...roles, rounds, positiveWeight: 3 })).save();
export const forestBytes = async () => (await RandomForest.fit(table, { ...roles, trees: 30 })).save();

/** What the classifier of a model file makes of the table: its features (N, D), and the probabilities. */
export async function predicted(bytes: Uint8Array) {
  const { encoder, fitted } = openClassifier(bytes, backend);
  const features = encoder.features(table.data);
  return { features, encoder, probability: await fitted.predict(features) };
}

/** Writes a file of the folder and returns its path. */
export function written(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What a Python program prints as JSON, with numbers at hand as a file (float32). */
export function python<Said>(program: string, args: readonly string[]): Said {
  const said = execFileSync(PYTHON, ['-c', `import json, sys\nimport numpy as np\n${program}`, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  return JSON.parse(said) as Said;
}
