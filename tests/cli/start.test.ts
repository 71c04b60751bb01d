/** The command line starts from compiled code where there is some for this V8, and without. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VERSION } from '../../ts/version.js';

const test = suite('start');
const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const printed = (file: string, ...args: string[]) => execFileSync(process.execPath, [file, ...args], { encoding: 'utf8' });

test('both files start it', () => {
  assert.ok(existsSync(join(dist, `cli-program.${process.versions.v8}.cache`)), 'the build keeps compiled code');
  for (const file of ['cli.cjs', 'cli.js']) assert.is(printed(join(dist, file), '--version').trim(), VERSION);
});

test('without compiled code it compiles, and loads its commands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'synthward-'));
  try {
    copyFileSync(join(dist, 'cli.cjs'), join(folder, 'cli.cjs'));
    symlinkSync(join(dist, 'cli-program.cjs'), join(folder, 'cli-program.cjs'));
    assert.is(printed(join(folder, 'cli.cjs'), '--help'), printed(join(dist, 'cli.cjs'), '--help'));
    assert.is(printed(join(folder, 'cli.cjs'), 'sample', '--help'), printed(join(dist, 'cli.cjs'), 'sample', '--help'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Packages that a file of dist/ and what it imports load at once. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const names = [...readFileSync(join(dist, file), 'utf8').matchAll(/(?:\bfrom|\bimport)\s*"([^"]+)"/g)].map(([, name]) => name as string);
  return names.flatMap((name) => (name.startsWith('.') ? packagesOf(join(dirname(file), name), seen) : [name]));
}

test('a worker thread loads what it computes with: checking schemas takes twelve megabytes', () => {
  const packages = packagesOf('worker.js');
  assert.ok(packages.includes('piscina'), packages.join());
  assert.not.ok(
    packages.some((name) => name.startsWith('zod')),
    packages.join(),
  );
});

test.run();
