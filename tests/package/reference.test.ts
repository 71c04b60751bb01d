/** The API reference: everything that a module of the package exports is documented, and links lead somewhere. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('reference');
const root = fileURLToPath(new URL('../../', import.meta.url));

test('typedoc finds nothing to warn of', () => {
  const typedoc = ['node_modules/typedoc/bin/typedoc', '--emit', 'none', '--treatWarningsAsErrors', '--logLevel', 'Warn'];
  const { status, stdout, stderr } = spawnSync(process.execPath, typedoc, { cwd: root, encoding: 'utf8' });
  assert.is(status, 0, stdout + stderr);
});

test.run();
