/** The guard of scripts/test.mjs, on files that uvu alone would let pass: each of tests/guard/ but `good` has to fail. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENDING = '.fixture.ts';
const fixtures = readdirSync(join(root, 'tests/guard')).map((file) => file.replace(ENDING, ''));

/** What the guard must say about a file. */
const FAULTS: Readonly<Record<string, RegExp>> = {
  fails: /1 of 2 did not pass/,
  'not-run': /no suite calls run\(\)/,
  'one-not-run': /2 suites, but only 1 run\(\)/,
  'test-not-run': /2 suites, but only 1 run\(\)/,
  'no-tests': /no tests were run/,
  nothing: /no suite calls run\(\)/,
  'singled-out': /a stray .only/,
  'left-out': /1 skipped/,
  'before-throws': /1 of 1 did not pass/,
  'before-rejects': /1 of 1 did not pass/,
  'after-each-throws': /2 of 2 did not pass/,
  'never-ends': /no tests were run/,
  'leaves-early': /no tests were run/,
  'import-throws': /exit 1/,
};

/** Runs the guard on the named fixtures, in a folder of their own below build/, where packages are found. */
function runGuard(names: string[]): { status: number | null; lines: string[] } {
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build/guard-'));
  try {
    for (const name of names) copyFileSync(join(root, 'tests/guard', name + ENDING), join(folder, `${name}.test.ts`));
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    const { status, stdout } = spawnSync(process.execPath, [join(root, 'scripts/test.mjs')], {
      env: { ...env, TEST_DIR: folder },
      encoding: 'utf8',
    });
    return { status, lines: stdout.trimEnd().split('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const guard = suite('guard');

guard('a good file passes', () => {
  const { status, lines } = runGuard(['good']);
  assert.is(status, 0);
  assert.is(lines.at(-1), '1 passed, 0 failed');
});

guard('every kind of broken file fails, and says why', () => {
  assert.equal(Object.keys(FAULTS).sort(), fixtures.filter((name) => name !== 'good').sort());
  const { status, lines } = runGuard(fixtures);
  assert.is(status, 1);
  for (const [name, fault] of Object.entries(FAULTS)) {
    const line = lines.find((text) => text.startsWith(`FAIL ${name}.test.ts`));
    assert.ok(line, `${name} passed`);
    assert.match(line, fault);
  }
  assert.ok(lines.some((line) => line.startsWith('ok   good.test.ts')));
  const failed = Number(lines.at(-1)?.match(/^\d+ passed, (\d+) failed$/)?.[1]);
  assert.ok(failed >= Object.keys(FAULTS).length, lines.at(-1));
});

guard('a single broken file is enough', () => {
  assert.is(runGuard(['good', 'not-run']).status, 1);
});

guard('no files at all fail', () => {
  const { status, lines } = runGuard([]);
  assert.is(status, 1);
  assert.ok(lines.includes('no test files were found'));
});

guard.run();
