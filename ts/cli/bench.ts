/** `synthward bench`: how fast this device is. */
import { Command } from 'commander';
import { textHead, textRow } from '../bench/run.js';
import { benchDevice } from '../node/bench.js';
import { machineWords } from '../node/measure.js';
import { list } from './options.js';

interface BenchOptions {
  readonly json: boolean;
  readonly only?: readonly string[];
  readonly fast: boolean;
}

export function benchCommand(signal: AbortSignal): Command {
  return new Command('bench')
    .description('Measure this device: kernels, training, sampling, trees, start-up, memory. Takes under a minute.')
    .option('--json', 'print one array of {item, value, unit, reference, ratio, target, verdict}', false)
    .option('--only <items...>', 'items to measure, by the beginnings of their names', list)
    .option('--fast', 'relaxed SIMD: faster, but last digits depend on the machine', false)
    .action((options: BenchOptions) => bench(options, signal));
}

async function bench({ json, only, fast }: BenchOptions, signal: AbortSignal): Promise<void> {
  const variant = fast ? 'relaxed' : 'simd';
  const print = (text: string) => process.stdout.write(`${text}\n`);
  let begun = false;
  const lines = await benchDevice({
    only,
    variant,
    program: process.argv[1] as string,
    signal,
    onLines: (measured) => {
      if (json) return;
      if (!begun) print(`${machineWords([variant])}\n\n${textHead()}`);
      begun = true;
      for (const line of measured) print(textRow(line));
    },
  });
  if (json) print(JSON.stringify(lines, null, 2));
}
