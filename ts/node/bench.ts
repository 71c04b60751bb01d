/** `synthward bench`: the device's figures (ts/bench/device.ts), and what only Node can tell of start-up and memory. */
import type { Variant } from '../backend/backend.js';
import { deviceItems } from '../bench/device.js';
import { type BenchItem, type BenchLine, line } from '../bench/line.js';
import { chooseItems } from '../bench/run.js';
import { throwIfAborted } from '../errors.js';
import { cpuSeconds, leastSeconds, nodeTakes } from './measure.js';
import { checkVariant } from './variant.js';

export interface BenchRequest {
  /** Beginnings of items' names; all where left out. */
  readonly only?: readonly string[] | undefined;
  readonly variant: Variant;
  /** The command line's own module, which is started to see how long that takes. */
  readonly program: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with an item's lines as soon as they are there. */
  readonly onLines?: ((lines: readonly BenchLine[]) => void) | undefined;
}

const STARTS = 5;

function nodeItems(program: string): BenchItem[] {
  const start = (...args: string[]) => leastSeconds(Array.from({ length: STARTS }, () => nodeTakes(args))) * 1000;
  return [
    {
      name: 'start',
      run: async () => [line('start', start(program, '--version'), 'ms'), line('start, an empty Node beside it', start('-e', '0'), 'ms')],
    },
    {
      name: 'memory',
      run: async () => [
        line('memory', nodeTakes([program, 'bench', '--only', 'tabddpm-step', '--json']).peakMB, 'MB, training'),
        line('memory, an empty Node beside it', nodeTakes(['-e', '0']).peakMB, 'MB'),
      ],
    },
  ];
}

/** Measures and returns all lines. Throws {@link InputError} for an item that there is not, or a variant that does not run here. */
export async function benchDevice({ only, variant, program, signal, onLines }: BenchRequest): Promise<BenchLine[]> {
  const chosen = chooseItems([...deviceItems, ...nodeItems(program)], only);
  await checkVariant(variant);
  const lines: BenchLine[] = [];
  for (const { run } of chosen) {
    throwIfAborted(signal);
    const measured = await run({ variant, cpuSeconds });
    lines.push(...measured);
    onLines?.(measured);
  }
  return lines;
}
