/** Model files whose checksum is right, but which say something else than any method would. */
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { ComputeError, InputError } from '../../ts/errors.js';
import { readSafetensors, type Tensor, tensor, writeSafetensors } from '../../ts/store/safetensors.js';

const PARTS = ['state', 'options', 'columns', 'target'] as const;
type Part = (typeof PARTS)[number] | 'arrays';

/** `use` opens each of them: it must refuse with an {@link InputError}, or work. */
export async function madeFiles(bytes: Uint8Array, use: (file: Uint8Array, part: Part) => Promise<void>, numRuns = 150): Promise<void> {
  const { metadata, tensors } = readSafetensors(bytes, 'a.model');
  const junk = fc.oneof(fc.constantFrom(null, -1, 0, 1e9, 0.5, '', 'x', [], {}, true), fc.jsonValue());
  const opens = async (file: Uint8Array, part: Part) => {
    try {
      await use(file, part);
    } catch (error) {
      // numbers beyond all bounds in the arrays of a network come out as no numbers, which is said
      if (!(error instanceof InputError || (part === 'arrays' && error instanceof ComputeError))) throw error;
      assert.ok(error.message.length < 1000, error.message);
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PARTS), fc.nat(), junk, fc.nat(), async (part, place, value, which) => {
      const changed = replaced(JSON.parse(metadata.get(part) as string), place, value);
      const { crc32: _, ...texts } = Object.fromEntries(metadata);
      const arrays = Object.fromEntries([...tensors].filter((_, i) => which % 8 > 0 || i !== (which >> 3) % tensors.size));
      const file = writeSafetensors({ ...texts, [part]: JSON.stringify(changed) }, arrays);
      await opens(file, part);
    }),
    { numRuns, seed: 2 },
  );
  const named = [...tensors].filter(([, { values }]) => values.length > 0);
  const odd = fc.oneof(fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 65504, 3e38, 4294967295), fc.integer(), fc.float());
  await fc.assert(
    fc.asyncProperty(
      fc.nat(named.length - 1),
      fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 3 }),
      async (which, changes) => {
        const [name, { dtype, shape, values }] = named[which]!;
        const own = values.slice();
        for (const [at, value] of changes) own[at % own.length] = value;
        const { crc32: _, ...texts } = Object.fromEntries(metadata);
        await opens(writeSafetensors(texts, { ...Object.fromEntries(tensors), [name]: tensor(dtype, own as never, [...shape]) }), 'arrays');
      },
    ),
    { numRuns, seed: 3 },
  );
}

/** The file with the numbers of one array replaced by what `change` makes of a copy of them, and a right checksum. */
export function withArray(bytes: Uint8Array, name: string, change: (values: Tensor['values']) => Tensor['values']): Uint8Array {
  const { metadata, tensors } = readSafetensors(bytes, 'a.model');
  const { crc32: _, ...texts } = Object.fromEntries(metadata);
  const { dtype, values } = tensors.get(name) as Tensor;
  return writeSafetensors(texts, { ...Object.fromEntries(tensors), [name]: tensor(dtype, change(values.slice()) as never) });
}

/** `json` with `value` in the place of its n-th node. */
function replaced(json: unknown, n: number, value: unknown): unknown {
  let count = 0;
  const walk = (node: unknown): void => {
    count++;
    if (typeof node === 'object' && node !== null) Object.values(node).forEach(walk);
  };
  walk(json);
  let at = n % count;
  const put = (node: unknown): unknown => {
    if (at-- === 0) return value;
    if (Array.isArray(node)) return node.map(put);
    if (typeof node === 'object' && node !== null) return Object.fromEntries(Object.entries(node).map(([key, own]) => [key, put(own)]));
    return node;
  };
  return put(json);
}
