/** Makes the checkout ready: installs packages when they are missing or other than the lock file says, builds when sources changed. */
import { execSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

/** Whether every package that npm recorded as installed has the locked version, and none but optional ones is missing. */
function isInstalled() {
  const record = 'node_modules/.package-lock.json';
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const locked = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  return Object.entries(locked).every(
    ([path, { version, optional }]) => path === '' || (installed[path] ? installed[path].version === version : optional),
  );
}

if (!isInstalled()) {
  console.log('installing packages (npm ci) …');
  // No package needs its install script here; that of the optional `gl` would compile for minutes (scripts/headless-gl.mjs does).
  execSync('npm ci --ignore-scripts --no-audit --no-fund --loglevel=error', { stdio: 'inherit' });
}
const { isFresh } = await import('./stamp.mjs');
if (!isFresh()) {
  console.log('building …');
  execSync('node scripts/build.mjs', { stdio: 'inherit' });
}
