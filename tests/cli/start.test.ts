/** The command line starts from compiled code where there is some for this V8, and without. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test.run();
