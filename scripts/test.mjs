/**
 * Runs every tests/**\/*.test.ts, each in a process of its own, behind a guard: uvu ends with 0 on suites that never ran, on a
 * throwing `before` and on a stray `.only`, so a file passes only when it ends 0, ran at least one test, and ran and passed all.
 * Usage: node scripts/test.mjs [filter …]      last line: `N passed, M failed`
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
/** Where the test files lie; the guard's own tests name another folder. */
const FOLDER = process.env.TEST_DIR ?? 'tests';
const JOBS = Number(process.env.TEST_JOBS ?? 2);
const LIMIT_MS = Number(process.env.TEST_LIMIT_S ?? 900) * 1000;

function* testFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* testFiles(path);
    else if (entry.name.endsWith('.test.ts')) yield path;
  }
}

/** What the source itself shows: suites that are declared but not run, and tests singled out. */
function sourceFaults(path) {
  const text = readFileSync(path, 'utf8');
  const declared =
    (text.match(/(?<![\w.])suite(<[^(]*>)?\(/g) ?? []).length + (/import\s*\{[^}]*\btest\b[^}]*\}\s*from 'uvu'/.test(text) ? 1 : 0);
  const run = (text.match(/\.run\(\)/g) ?? []).length;
  const faults = [];
  if (run === 0) faults.push('no suite calls run()');
  else if (run < declared) faults.push(`${declared} suites, but only ${run} run()`);
  if (/\.only\(/.test(text)) faults.push('a stray .only');
  if (/\.skip\(/.test(text)) faults.push('a stray .skip');
  return faults;
}

function runFile(path) {
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(process.execPath, ['--import', 'tsx', path], {
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      timeout: LIMIT_MS,
    });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      output += data;
    });
    child.on('close', (code, signal) => {
      const count = (word) => Number(output.match(new RegExp(`${word}:\\s+(\\d+)`))?.[1] ?? 0);
      const [total, passed, skipped] = ['Total', 'Passed', 'Skipped'].map(count);
      const faults = sourceFaults(path);
      if (signal) faults.push(`stopped by ${signal}`);
      else if (code !== 0) faults.push(`exit ${code}`);
      if (total === 0) faults.push('no tests were run');
      if (passed !== total) faults.push(`${total - passed} of ${total} did not pass`);
      if (skipped > 0) faults.push(`${skipped} skipped`);
      resolve({
        path,
        passed,
        failed: faults.length ? Math.max(1, total - passed) : 0,
        faults,
        output,
        seconds: (Date.now() - started) / 1000,
      });
    });
  });
}

const filters = process.argv.slice(2);
const queue = [...testFiles(FOLDER)].filter((path) => filters.length === 0 || filters.some((f) => path.includes(f))).sort();
let passed = 0;
let failed = 0;
if (queue.length === 0) {
  console.log('no test files were found');
  failed = 1;
}

async function lane() {
  for (let path = queue.shift(); path; path = queue.shift()) {
    const result = await runFile(path);
    passed += result.passed;
    failed += result.failed;
    const name = relative(FOLDER, path);
    const mark = result.faults.length ? 'FAIL' : 'ok  ';
    console.log(
      `${mark} ${name} (${result.passed} tests, ${result.seconds.toFixed(1)} s)${result.faults.length ? `: ${result.faults.join('; ')}` : ''}`,
    );
    const notes = result.output.split('\n').filter((line) => line.startsWith('not run: '));
    for (const note of notes) console.log(`     ${note}`);
    if (result.faults.length) console.log(result.output.replace(/^/gm, '     '));
  }
}
await Promise.all(Array.from({ length: JOBS }, lane));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
