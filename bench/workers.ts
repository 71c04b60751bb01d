/** One study grid on two workers beside one, by the clock. */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { type BenchItem, line, notRun } from '../ts/bench/line.js';
import { isBuilt, NEEDS_BUILD, synthwardTakes, withFolder } from './command.js';

/** Of six groups of cells for each split, two are long. */
const GRID = ['--datasets', 'breast_cancer', '--methods', 'tabddpm,tvae,copula,smote,rose,none', '--splits', '2', '--ratios', '1'];
const QUIET = 0.5; // load of the machine before the start

/** Seconds of the grid itself, as the study's manifest has them. */
function gridSeconds(workers: number, folder: string): number {
  const out = `on-${workers}`;
  synthwardTakes(['study', ...GRID, '--workers', String(workers), '--out', out], folder);
  return JSON.parse(readFileSync(join(folder, out, 'manifest.json'), 'utf8')).wall_s;
}

export const workers: BenchItem = {
  name: 'workers',
  run: async () => {
    if (!isBuilt()) return [notRun('workers', 's', NEEDS_BUILD)];
    if (availableParallelism() < 2) return [notRun('workers', 's', 'two processors')];
    const load = loadavg()[0] as number;
    const [one, two] = await withFolder((folder) => [gridSeconds(1, folder), gridSeconds(2, folder)]);
    const quiet = load <= QUIET ? 'quiet machine' : 'the machine was not quiet';
    return [
      line('workers', two, 's', { reference: one, timesAsFast: 1.7, of: 'one worker' }),
      line(`workers, load before (${quiet})`, load, 'processes'),
    ];
  },
};
