/**
 * Measures our core beside other systems on the same work and the same data, one thread each, in turns; bench/peers/README.md.
 * Usage: npm run bench:peers -- [--only ITEM] [--json | --markdown]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeData } from './data.js';
import { ITEMS, type PeerItem } from './items.js';
import { coresOf, linesOf, type PeerLine } from './lines.js';
import { measure } from './measure.js';
import { type SystemProcess, startProcess } from './process.js';
import { commandOf } from './systems.js';
import { header, row, tableOf } from './text.js';

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, json: { type: 'boolean' }, markdown: { type: 'boolean' } },
});
const wanted = ITEMS.filter(({ name }) => !values.only || values.only.some((only) => name.startsWith(only)));
if (wanted.length === 0) {
  console.error(`"only" expected one of ${ITEMS.map(({ name }) => name).join(', ')}, got ${values.only?.join(', ')}`);
  process.exit(2);
}

const systemsOf = (item: PeerItem): string[] => [...coresOf(item), ...Object.keys(item.peers)];
const folder = mkdtempSync(join(tmpdir(), 'synthward-peers-'));
const running = new Map<string, SystemProcess>();
const lines: PeerLine[] = [];
try {
  await writeData(
    folder,
    wanted.map(({ name }) => name),
  );
  if (!values.json && !values.markdown) console.log(header);
  for (const [at, item] of wanted.entries()) {
    const systems = systemsOf(item);
    for (const system of systems) if (!running.has(system)) running.set(system, startProcess(commandOf(system)));
    const taking = new Map(systems.map((system) => [system, running.get(system) as SystemProcess]));
    const measured = linesOf(item, await measure(item.name, folder, taking), folder);
    lines.push(...measured);
    if (!values.json && !values.markdown) for (const line of measured) console.log(row(line));
    const later = new Set(wanted.slice(at + 1).flatMap(systemsOf));
    for (const [system, process] of running) {
      if (later.has(system)) continue;
      process.stop();
      running.delete(system);
    }
  }
} finally {
  for (const process of running.values()) process.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (values.json) console.log(JSON.stringify(lines, null, 2));
if (values.markdown) console.log(tableOf(lines));
