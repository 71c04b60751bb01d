/** The benchmark's part of the worker, loaded when it is wanted: items one after the other, their lines as they come. */
import { deviceItems } from '../ts/device.js';
import type { Answer, BenchPlan } from './messages.js';

export async function measure({ variant, only }: BenchPlan, tell: (answer: Answer) => void): Promise<void> {
  const items = deviceItems.filter(({ name }) => only.some((beginning) => name.startsWith(beginning)));
  for (const [at, { name, run }] of items.entries()) {
    tell({ kind: 'step', step: { doing: `${name}: ${at + 1} of ${items.length}`, share: at / items.length } });
    tell({ kind: 'lines', lines: await run({ variant }) });
  }
}
