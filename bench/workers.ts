/** One study grid on two workers beside one, by the clock. */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { type BenchItem, line, notRun } from '../ts/bench/line.js';
import { isBuilt, NEEDS_BUILD, synthwardTakes, withFolder } from './command.js';

const GRID = ['--datasets', 'breast_cancer', '--methods', 'tabddpm,copula,smote', '--splits', '2', '--ratios', '1'];
const ROUNDS = 2;
const QUIET = 0.5; // load of the machine before the start

/** Seconds of the grid itself, as the study's manifest has them. */
function gridSeconds(workers: number, round: number, folder: string): number {
  const out = `${workers}-${round}`;
  synthwardTakes(['study', ...GRID, '--workers', String(workers), '--out', out], folder);
  return JSON.parse(readFileSync(join(folder, out, 'manifest.json'), 'utf8')).wall_s;
}

export const workers: BenchItem = {
  name: 'workers',
  run: async () => {
    if (!isBuilt()) return [notRun('workers', 's', NEEDS_BUILD)];
    if (availableParallelism() < 2) return [notRun('workers', 's', 'two processors')];
    const load = loadavg()[0] as number;
    let [one, two] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    await withFolder((folder) => {
      for (let round = 0; round < ROUNDS; round++) {
        one = Math.min(one, gridSeconds(1, round, folder));
        two = Math.min(two, gridSeconds(2, round, folder));
      }
    });
    const quiet = load <= QUIET ? 'quiet machine' : 'the machine was not quiet';
    return [
      line('workers', two, 's', { reference: one, timesAsFast: 1.7, of: 'one worker' }),
      line(`workers, load before (${quiet})`, load, 'processes'),
    ];
  },
};
