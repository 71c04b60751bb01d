/**
 * Installs the other systems of `npm run bench:peers` beside it: bench/peers/js/node_modules by npm, bench/peers/.venv by pip. Nothing
 * else of the project needs them. PYTHON names the interpreter that makes the environment (python3).
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('.', import.meta.url)));

/** Runs a command; when it fails, says so and goes on: a system that is missing is named by the bench. */
function run(command, ...args) {
  console.log([command, ...args].join(' '));
  try {
    execFileSync(command, args, { stdio: 'inherit' });
  } catch (error) {
    console.error(`failed: ${error.message}`);
    process.exitCode = 1;
  }
}

run('npm', 'ci', '--prefix', 'js', '--ignore-scripts', '--no-audit', '--no-fund');
if (!existsSync('.venv')) run(process.env.PYTHON ?? 'python3', '-m', 'venv', '.venv');
run('.venv/bin/pip', 'install', '--disable-pip-version-check', '-r', 'python/requirements.txt');
