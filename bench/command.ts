/** The built command line in processes of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeTakes, type Taken } from '../ts/node/measure.js';

export const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const cli = join(dist, 'cli.cjs'); // what the package installs as `synthward`

/** What a line needs where there is no build. */
export const NEEDS_BUILD = '`npm run build`';
export const isBuilt = (): boolean => existsSync(cli);

export const synthwardTakes = (args: readonly string[], folder: string): Taken => nodeTakes([cli, ...args], folder);

/** Whether the command line has a command of this name. */
export function hasCommand(name: string): boolean {
  const { stdout } = spawnSync(process.execPath, [cli, '--help'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return stdout.split('\n').some((row) => row.trim().split(/\s/)[0] === name);
}

/** A folder that is gone afterwards. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result> | Result): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'synthward-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
