/** This process as items see it. */
import type { Variant } from '../ts/backend/backend.js';
import type { BenchSetting } from '../ts/bench/line.js';

export const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

export const settingOf = (variant: Variant): BenchSetting => ({ variant, cpuSeconds });
