/** A folder of its own for a test, gone when the process ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'synthward-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
