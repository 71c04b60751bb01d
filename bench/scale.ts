/**
 * Boosting of 30,000 to 1,000,000 rows: seconds a row and memory, each size in a process of its own.
 * As a program (`scale.ts ROWS`) it fits one size and prints its CPU seconds.
 */
import { fileURLToPath } from 'node:url';
import { wasmBackend } from '../ts/backend/select.js';
import { cohort } from '../ts/bench/cohort.js';
import { type BenchItem, type BenchLine, line } from '../ts/bench/line.js';
import { fitting, labelled } from '../ts/bench/work-trees.js';
import { boosting } from '../ts/classify/boosting.js';
import { cpuSeconds, nodeTakes, type Taken } from '../ts/node/measure.js';

const SIZES = [30_000, 100_000, 300_000, 1_000_000];
const LINEAR = 1.5; // most seconds a row of a size, of those at 30,000
const WARM_UP_ROWS = 5000;

interface Fitted {
  readonly seconds: number;
  readonly coreMB: number;
}

async function fitOnce(rows: number): Promise<Fitted> {
  await fitting(await wasmBackend(), boosting, labelled(cohort(WARM_UP_ROWS))).run();
  const backend = await wasmBackend();
  const work = fitting(backend, boosting, labelled(cohort(rows)));
  const start = cpuSeconds();
  await work.run();
  return { seconds: cpuSeconds() - start, coreMB: backend.memoryBytes() / 1e6 };
}

/** In a process of its own; its memory is that of the table, and of what reads TypeScript, as well. */
function fittedApart(rows: number): Fitted & Pick<Taken, 'peakMB'> {
  const { stdout, peakMB } = nodeTakes(['--import', 'tsx', fileURLToPath(import.meta.url), String(rows)]);
  return { ...(JSON.parse(stdout) as Fitted), peakMB };
}

export const boostScale: BenchItem = {
  name: 'boost-scale',
  run: async () => {
    const lines: BenchLine[] = [];
    let smallest: number | undefined;
    for (const rows of SIZES) {
      const { seconds, coreMB, peakMB } = fittedApart(rows);
      const each = (seconds / rows) * 1e6;
      smallest ??= each;
      const size = rows.toLocaleString('en');
      lines.push(line(`boost-scale, ${size} rows`, each, 'µs a row', { reference: smallest, atMost: LINEAR, of: '30,000 rows' }));
      lines.push(line(`boost-scale, ${size} rows, core`, coreMB, 'MB'), line(`boost-scale, ${size} rows, process`, peakMB, 'MB'));
    }
    const last = lines.at(-3) as BenchLine;
    return [{ ...last, item: 'boost-scale' }, ...lines];
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await fitOnce(Number(process.argv[2]))));
