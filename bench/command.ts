/** The built command line in a process of its own: what it takes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const cli = join(dist, 'cli.js');

/** What a line needs where there is no build. */
export const NEEDS_BUILD = '`npm run build`';
export const isBuilt = (): boolean => existsSync(cli);

export interface Taken {
  readonly seconds: number; // by the clock, from start to end of the process
  readonly cpuSeconds: number;
  readonly peakMB: number; // most resident memory, 10⁶ bytes
}

/** Preloaded into the process: tells at its end what it has used. */
const TELL = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(3, JSON.stringify(process.resourceUsage())));',
)}`;

/** Runs node with `args`; throws with the last words of the process when it fails. */
export function nodeTakes(args: readonly string[], folder?: string): Taken {
  const start = performance.now();
  const { status, stderr, output } = spawnSync(process.execPath, ['--import', TELL, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  const used = JSON.parse(output[3] as string) as NodeJS.ResourceUsage;
  return { seconds, cpuSeconds: (used.userCPUTime + used.systemCPUTime) / 1e6, peakMB: (used.maxRSS * 1024) / 1e6 };
}

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
