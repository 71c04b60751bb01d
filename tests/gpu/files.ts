/** Files of data/ where cases run: from the disk in Node, from the server of tests/gpu/chromium.ts in a page. */
export async function dataFile(name: string): Promise<Uint8Array> {
  if (typeof document === 'undefined') return (await import('node:fs/promises')).readFile(`data/${name}`);
  return new Uint8Array(await (await fetch(`/data/${name}`)).arrayBuffer());
}
