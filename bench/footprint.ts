/** What the package weighs, how fast it starts, what memory it takes: budgets of its own. All by the built command line. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { labText } from '../ts/bench/labs.js';
import { type BenchItem, line, notRun } from '../ts/bench/line.js';
import { leastSeconds, nodeTakes, type Taken } from '../ts/node/measure.js';
import { dist, hasCommand, isBuilt, NEEDS_BUILD, synthwardTakes, withFolder } from './command.js';

const TABLE = fileURLToPath(new URL('../data/breast_cancer.csv', import.meta.url));
const TARGET = ['--target', 'diagnosis'];

/** Names of the modules that `file` loads as it starts, itself first. */
function startingWith(file: string, found: string[] = []): string[] {
  if (found.includes(file)) return found;
  found.push(file);
  const text = readFileSync(join(dist, file), 'utf8');
  for (const [, name] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) startingWith(name as string, found);
  return found;
}

export const bundle: BenchItem = {
  name: 'bundle',
  run: async () => {
    if (!isBuilt()) return [notRun('bundle', 'kB', NEEDS_BUILD)];
    const bytes = (files: readonly string[]) =>
      files.reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length, 0);
    const kB = bytes(startingWith('core.js')) / 1000;
    return [
      line('bundle', kB, 'kB, min+gzip', { reference: 60, atMost: 1, of: 'the budget' }),
      line('bundle, the whole library', bytes(startingWith('index.js')) / 1000, 'kB, min+gzip'),
      line('bundle, core.wasm', bytes(['core.wasm']) / 1000, 'kB, gzip'),
    ];
  },
};

const STARTS = 10;

export const coldStart: BenchItem = {
  name: 'cold-start',
  run: async () => {
    if (!isBuilt()) return [notRun('cold-start', 'ms', NEEDS_BUILD)];
    if (!hasCommand('sample') || !hasCommand('train')) return [notRun('cold-start', 'ms', 'the commands `train` and `sample`')];
    return withFolder((folder) => {
      synthwardTakes(['train', TABLE, ...TARGET, '--model-out', 'model'], folder);
      const sample = () => synthwardTakes(['sample', 'model', '--count', '100', '--out', 'rows.csv'], folder);
      const [drawn, empty] = [[sample()], [nodeTakes(['-e', '0'])]];
      for (let i = 0; i < STARTS; i++) {
        drawn.push(sample());
        empty.push(nodeTakes(['-e', '0']));
      }
      const best = (runs: readonly Taken[]) => 1000 * leastSeconds(runs);
      return [
        line('cold-start', best(drawn), 'ms', { reference: 150, atMost: 1, of: 'the budget' }),
        line('cold-start, an empty Node beside it', best(empty), 'ms'),
      ];
    });
  },
};

/** Megabytes that Node takes without a program. */
const emptyMB = () => nodeTakes(['-e', '0']).peakMB;

export const memoryTrain: BenchItem = {
  name: 'memory-train',
  run: async () => {
    if (!isBuilt()) return [notRun('memory-train', 'MB', NEEDS_BUILD)];
    const args = hasCommand('train')
      ? ['train', TABLE, ...TARGET, '--model-out', 'model']
      : ['augment', TABLE, ...TARGET, '--method', 'tabddpm', '--only-synthetic', '--count', '1', '--out', 'rows.csv'];
    const { peakMB } = await withFolder((folder) => synthwardTakes(args, folder));
    return [
      line('memory-train', peakMB, 'MB', { reference: 120, atMost: 1, of: 'the budget' }),
      line('memory-train, an empty Node beside it', emptyMB(), 'MB'),
    ];
  },
};

const COHORT_ROWS = '30000';

export const memoryStudy: BenchItem = {
  name: 'memory-study',
  run: async () => {
    if (!isBuilt()) return [notRun('memory-study', 'MB', NEEDS_BUILD)];
    return withFolder((folder) => {
      synthwardTakes(['simulate', 'icu', '--rows', COHORT_ROWS, '--out', 'icu.csv'], folder);
      const table = ['--datasets', 'icu.csv', '--schema', 'icu.schema.json'];
      const cell = ['--methods', 'smote', '--splits', '1', '--ratios', '1', '--workers', '1', '--out', 'runs'];
      const { peakMB } = synthwardTakes(['study', ...table, ...cell], folder);
      return [line('memory-study', peakMB, 'MB', { reference: 400, atMost: 1, of: 'the budget' })];
    });
  },
};

const LAB_ROWS = 1_000_000;

function writeLabs(file: string): void {
  const handle = openSync(file, 'w');
  for (const piece of labText(LAB_ROWS)) writeSync(handle, piece);
  closeSync(handle);
}

export const memoryRead: BenchItem = {
  name: 'memory-read',
  run: async () => {
    if (!isBuilt()) return [notRun('memory-read', 'MB', NEEDS_BUILD)];
    return withFolder((folder) => {
      writeLabs(join(folder, 'labs.csv'));
      const target = ['labs.csv', '--target', 'died'];
      const seen = synthwardTakes(['inspect', ...target], folder);
      const job = ['--method', 'smote', '--count', '1000', '--only-synthetic', '--out', 'rows.csv'];
      const drawn = synthwardTakes(['augment', ...target, ...job], folder);
      return [
        line('memory-read', seen.peakMB, 'MB', { reference: 600, atMost: 1, of: 'the budget' }),
        line('memory-read, CPU time', seen.cpuSeconds, 's'),
        line('memory-read, for 1,000 rows of SMOTE', drawn.peakMB, 'MB'),
        line('memory-read, for 1,000 rows of SMOTE, CPU time', drawn.cpuSeconds, 's'),
      ];
    });
  },
};
