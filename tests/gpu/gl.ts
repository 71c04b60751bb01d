/** Where the package `gl` lies that scripts/headless-gl.mjs has built, or that SYNTHWARD_GL names, and a display for it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../build/gl/node_modules/gl', import.meta.url));
const building = fileURLToPath(new URL('../../build/gl.pid', import.meta.url));

/** Whether the package is there, or on its way. */
export const hasGl = (): boolean => readyGl() !== null || isBuilding();

/** The folder of the package; waits for a build that is under way, and is null where there is none. */
export async function glFolder(): Promise<string | null> {
  while (readyGl() === null && isBuilding()) await sleep(1000);
  return readyGl();
}

function readyGl(): string | null {
  const folder = process.env.SYNTHWARD_GL || built;
  return existsSync(join(folder, 'build/Release/webgl.node')) ? folder : null;
}

function isBuilding(): boolean {
  try {
    process.kill(Number(readFileSync(building, 'utf8')), 0); // sends nothing; throws where there is no such process
    return true;
  } catch {
    return false;
  }
}

/** The command with a display: as it is where there is one, else by xvfb-run; null without either. */
export function underDisplay(command: readonly string[]): readonly string[] | null {
  if (process.env.DISPLAY) return command;
  return spawnSync('xvfb-run', ['--help'], { stdio: 'ignore' }).status === 0 ? ['xvfb-run', '-a', ...command] : null;
}
