/** A fingerprint of every source that the build reads, so that a stale build is noticed whatever the file times say. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(root, 'dist', '.stamp');
const SOURCES = ['assembly', 'ts', 'web', 'scripts', 'asconfig.json', 'tsconfig.json', 'tsconfig.package.json', 'package-lock.json'];

function* files(path) {
  if (!existsSync(path)) return;
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    yield path;
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) yield* files(join(path, entry.name));
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of files(join(root, source))) hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

export const isFresh = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
export const writeStamp = () => writeFileSync(STAMP, fingerprint());
