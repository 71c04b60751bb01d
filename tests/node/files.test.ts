import { appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { checkWritable, fileChunks, makeFolder, readBytes, writeWhole } from '../../ts/node/files.js';
import { temporaryFolder } from './folder.js';

const test = suite('files');
const folder = temporaryFolder();
const isRoot = process.getuid?.() === 0;

const says = (work: () => unknown, text: RegExp) =>
  assert.throws(work, (error: Error) => error instanceof InputError && text.test(error.message) && !error.message.includes('\n'));

test('reading says what is wrong with the file', () => {
  says(() => readBytes(join(folder, 'none.csv')), /none\.csv: there is no such file/);
  says(() => readBytes(folder), /it is a folder/);
});

test('a file that is changed between two readings, or during one, is refused', () => {
  const file = join(folder, 'growing.csv');
  const grown = /growing\.csv: it was changed while it was read; give it again/;
  writeFileSync(file, 'a\n1\n');
  const chunks = fileChunks(file);
  assert.is(
    [...chunks()].reduce((sum, { length }) => sum + length, 0),
    4,
  );
  appendFileSync(file, '2\n');
  says(() => [...chunks()], grown);
  says(() => {
    let at = 0;
    for (const _ of fileChunks(file)()) if (at++ === 0) appendFileSync(file, '3\n');
  }, grown);
});

test('a file is written whole and leaves nothing beside it', () => {
  const file = join(folder, 'a.txt');
  writeWhole(file, 'first');
  writeWhole(file, 'über');
  assert.is(readFileSync(file, 'utf8'), 'über');
  assert.equal(
    readdirSync(folder).filter((name) => name.startsWith('.')),
    [],
  );
});

test('a failed write leaves the old file and no part', () => {
  const target = join(folder, 'folder');
  mkdirSync(target);
  says(() => writeWhole(target, 'text'), /cannot write .*folder/);
  assert.equal(
    readdirSync(folder).filter((name) => name.startsWith('.')),
    [],
  );
});

test('an output that cannot be written is known before the work', () => {
  says(() => checkWritable(join(folder, 'no', 'such', 'out.csv')), /the folder .*such does not exist; make it first/);
  says(() => checkWritable(folder), /it is a folder/);
  writeFileSync(join(folder, 'file'), '');
  says(() => checkWritable(join(folder, 'file', 'out.csv')), /cannot write/);
  says(() => makeFolder(join(folder, 'file', 'runs')), /a part of its path is a file.*--out/);
  checkWritable(join(folder, 'new.csv'));
  assert.not(existsSync(join(folder, 'new.csv')), 'looking writes nothing');
});

test('permissions are respected', () => {
  const closed = join(folder, 'closed');
  mkdirSync(closed);
  writeFileSync(join(closed, 'x.csv'), 'a\n1\n', { mode: 0o000 });
  chmodSync(closed, 0o500);
  if (isRoot) console.log('not run: needs a user other than root (permission checks)');
  else {
    says(() => readBytes(join(closed, 'x.csv')), /permission denied/);
    says(() => checkWritable(join(closed, 'y.csv')), /permission denied/);
    says(() => makeFolder(join(closed, 'runs')), /permission denied/);
  }
  chmodSync(closed, 0o700);
});

test.run();
