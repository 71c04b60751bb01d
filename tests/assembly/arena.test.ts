/** The arena of the core: alignment, order, exhaustion, and the canaries of the debug build. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simd } from '../../build/core.js';
import { type CoreMemory, loadCore, type WasmMatrix } from '../../ts/backend/wasm.js';
import { ComputeError } from '../../ts/errors.js';

const debug = await loadCore(readFileSync(new URL('../../build/debug.wasm', import.meta.url)), 'debug');
const cores: CoreMemory[] = [await loadCore(simd, 'simd'), debug];
const SIZES = [1, 3, 4, 5, 15, 16, 17, 64, 65, 70000];
const arena = suite('arena');

arena('blocks are aligned and apart, and released in reverse order', () => {
  for (const memory of cores) {
    const start = memory.mark();
    let end = 0;
    for (const bytes of SIZES) {
      const at = memory.alloc(bytes);
      assert.is(at % 64, 0, `${bytes} bytes at ${at}`);
      assert.ok(at >= end, `${bytes} bytes at ${at} overlap the block before, which ends at ${end}`);
      end = at + bytes;
    }
    memory.release(start);
    assert.equal(memory.mark(), start);
  }
});

arena('a released block is given out again', () => {
  for (const memory of cores) {
    const mark = memory.mark();
    const first = memory.alloc(100);
    memory.release(mark);
    assert.is(memory.alloc(7), first);
    memory.release(mark);
  }
});

arena('what does not fit is refused, and the rest goes on', () => {
  for (const memory of cores) {
    const mark = memory.mark();
    for (const bytes of [0xffff0000, 0xffffffff, 2 ** 33, 4294901759]) {
      assert.throws(
        () => memory.alloc(bytes),
        (error: Error) => error instanceof ComputeError && /out of memory/.test(error.message),
        `${bytes} bytes`,
      );
    }
    assert.equal(memory.mark(), mark);
    assert.equal([...memory.read(memory.matrix(1, 3, Float32Array.of(1, 2, 3)))], [1, 2, 3]);
    memory.release(mark);
  }
});

arena('the debug core notices a write past the end of a block', () => {
  for (const cols of [1, 15, 16, 17]) {
    const mark = debug.mark();
    const block = debug.matrix(1, cols);
    debug.matrix(1, 5);
    const past = Math.ceil(cols / 16) * 16 + 1; // one more than its aligned length
    const tooLong: WasmMatrix = { ptr: block.ptr, rows: 1, cols: past };
    const held = debug.read(tooLong);
    debug.write(tooLong, new Float32Array(past));
    assert.throws(() => debug.release(mark), /written past its end/, `${cols} floats`);
    debug.write(tooLong, held);
    debug.release(mark);
  }
});

arena('the debug core hands out blocks full of NaN', () => {
  const mark = debug.mark();
  const at = debug.alloc(17 * 4);
  assert.ok(debug.get(at, 17, Float32Array).every(Number.isNaN));
  debug.release(mark);
});

arena.run();
