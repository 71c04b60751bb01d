/** What a test needs beyond the repository. Where it is missing the suite says so; with REQUIRE=all its absence is a failure. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const found = new Map<string, boolean>();

function look(need: string): boolean {
  const [kind, what] = need.split(':') as [string, string];
  if (kind === 'file') return existsSync(what);
  try {
    if (kind === 'python') execFileSync(process.env.PYTHON ?? 'python3', ['-c', `import ${what}`], { stdio: 'ignore' });
    else execFileSync('which', [what], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether `need` is there: `python:sklearn` (an importable package), `command:chromium`, `file:PATH`.
 * Says "not run: needs …" when it is not, and throws when REQUIRE=all.
 */
export function has(need: string): boolean {
  if (!found.has(need)) found.set(need, look(need));
  if (found.get(need)) return true;
  if (process.env.REQUIRE === 'all') throw new Error(`needs ${need}, and REQUIRE=all`);
  console.log(`not run: needs ${need}`);
  return false;
}
