/** What processes take: this one's CPU time, and the time and memory of another from its start to its end. */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import type { Variant } from '../backend/backend.js';

/** CPU seconds of this process so far. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The machine and the engine of figures that follow. */
export function machineWords(variants: readonly Variant[]): string {
  const { node, v8 } = process.versions;
  return [
    `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `${cpus()[0]?.model.trim() || 'unknown processor'}, ${cpus().length} cores, load ${(loadavg()[0] as number).toFixed(1)}`,
    `Node ${node}, V8 ${v8}`,
    `core ${variants.join(' and ')}`,
  ].join(' · ');
}

export interface Taken {
  readonly seconds: number; // by the clock, from start to end of the process
  readonly cpuSeconds: number;
  readonly peakMB: number; // most resident memory, 10⁶ bytes
  readonly stdout: string;
}

/**
 * Preloaded into the process: tells at its end what it has used. Linux hands the maximum of `resourceUsage` on from the process that
 * started this one, so there the status file is read, which counts from the program's own start.
 */
const TELL = `data:text/javascript,${encodeURIComponent(
  `import { readFileSync, writeSync } from 'node:fs';
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    let kB = maxRSS;
    try { kB = Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? kB); } catch {}
    writeSync(3, JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMB: (kB * 1024) / 1e6 }));
  });`,
)}`;

/** Runs Node with `args`; throws with the last words of the process when it fails. */
export function nodeTakes(args: readonly string[], folder?: string): Taken {
  const start = performance.now();
  const { status, stdout, stderr, output } = spawnSync(process.execPath, ['--import', TELL, ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  return { seconds, stdout, ...(JSON.parse(output[3] as string) as Pick<Taken, 'cpuSeconds' | 'peakMB'>) };
}

/** Least seconds of some runs: by the clock, or by CPU time where other work has kept the processor from them. */
export const leastSeconds = (runs: readonly Taken[]): number => Math.min(...runs.map((run) => Math.min(run.seconds, run.cpuSeconds)));
