/** Makes the checkout ready: installs packages when they are missing or other than the lock file says, builds when sources changed. */
import { execSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const installed = 'node_modules/.package-lock.json';
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync('package-lock.json').mtimeMs) {
  console.log('installing packages (npm ci) …');
  execSync('npm ci --no-audit --no-fund --loglevel=error', { stdio: 'inherit' });
}
const { isFresh } = await import('./stamp.mjs');
if (!isFresh()) {
  console.log('building …');
  execSync('node scripts/build.mjs', { stdio: 'inherit' });
}
