/** A small table as a user would bring it: numbers, levels, missing cells, a patient's id, a note. */
import { Stream } from '../../ts/random.js';

export function cohortCsv(rows = 160, deaths = 32): string {
  const stream = Stream.fromSeed(5);
  const lines = Array.from({ length: rows }, (_, row) => {
    const died = row < deaths;
    const age = Math.round(40 + 30 * stream.uniform() + (died ? 15 : 0));
    const lactate = stream.uniform() < 0.2 ? '' : (1 + 3 * stream.uniform() + (died ? 2 : 0)).toFixed(1);
    const ward = ['a', 'b', 'c'][Math.floor(3 * stream.uniform())];
    return `p${row},${age},${lactate},${ward},note ${row},${died ? 'yes' : 'no'}`;
  });
  return `id,age,lactate,ward,note,died\n${lines.join('\n')}\n`;
}

/** Options that take milliseconds. */
export const SMALL = { steps: 40, timesteps: 10, layers: [32], hidden: 16 };
