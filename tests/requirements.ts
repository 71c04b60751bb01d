/**
 * What a test needs beyond the repository. Where it is missing the suite says so; with REQUIRE=all its absence is a failure,
 * unless it is data that the project may not give away.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasGl } from './gpu/gl.js';

const found = new Map<string, boolean>();

/** The Python of the tests: PYTHON of the environment, else that of `.venv`, which .ci/run makes, else the system's. */
export const PYTHON = process.env.PYTHON ?? ownPython();

function ownPython(): string {
  const own = fileURLToPath(new URL('../.venv/bin/python', import.meta.url));
  return existsSync(own) ? own : 'python3';
}

function look(need: string): boolean {
  const [kind, what] = need.split(':') as [string, string];
  if (kind === 'file') return existsSync(what);
  if (need === 'gl:headless') return hasGl();
  try {
    if (kind === 'package') return import.meta.resolve(what) !== '';
    if (kind === 'python') execFileSync(PYTHON, ['-c', `import ${what}`], { stdio: 'ignore' });
    else execFileSync('which', [what], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether `need` is there: `python:sklearn` (an importable package), `package:NAME` (of npm), `command:chromium`, `file:PATH`,
 * `gl:headless` (the package gl with its library, by scripts/headless-gl.mjs).
 * Says "not run: needs …" when it is not, and throws when REQUIRE=all.
 */
export function has(need: string): boolean {
  if (!found.has(need)) found.set(need, look(need));
  if (found.get(need)) return true;
  if (process.env.REQUIRE === 'all') throw new Error(`needs ${need}, and REQUIRE=all`);
  console.log(`not run: needs ${need}`);
  return false;
}

/**
 * A folder of data that is not the project's to give away: the environment names it (MIMIC_DEMO for `mimic-demo`), or it lies as
 * `mimic-demo` or `shared/mimic-demo` in the project's folder or one above it. Where it is missing, that of the project's folder.
 */
export function dataFolder(name: string): string {
  const own = process.env[name.toUpperCase().replaceAll('-', '_')];
  if (own) return own;
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (let folder = root; ; folder = dirname(folder)) {
    const found = [join(folder, name), join(folder, 'shared', name)].find((path) => existsSync(path));
    if (found) return found;
    if (dirname(folder) === folder) return join(root, name);
  }
}

/** Whether `file` is in such a folder. Nobody can be asked to have it, so that its absence never fails. */
export function hasData(name: string, file: string): boolean {
  if (existsSync(join(dataFolder(name), file))) return true;
  console.log(`not run: needs ${name}/${file}`);
  return false;
}
