/**
 * The module's linear memory as a bump arena: no headers, no garbage collector, every block 64-byte aligned.
 * Blocks are freed in reverse order, by `release(mark())`.
 */

// @ts-ignore: decorator
@inline const ALIGN: usize = 64;
// @ts-ignore: decorator
@inline const PAGE: usize = 65536;

let top: usize = (__heap_base + ALIGN - 1) & ~(ALIGN - 1);

/** In the debug build each block is followed by a canary: seven words of CANARY and the address of the canary before it. */
const CANARY: u64 = 0xfedcba9876543210;
let lastCanary: usize = 0;

/** Address above which everything is free. */
export function mark(): usize {
  return top;
}

/** Frees every block allocated since `mark()` returned `at`. */
export function release(at: usize): void {
  assert(at <= top);
  if (!ASC_NO_ASSERT) while (lastCanary >= at && lastCanary != 0) lastCanary = checkedCanary(lastCanary);
  top = at;
}

/** A block of `bytes`, uninitialised; 0 when the memory cannot grow that far (the caller turns that into an error). */
export function alloc(bytes: usize): usize {
  const at = top;
  const guard: usize = ASC_NO_ASSERT ? 0 : ALIGN;
  const end = at + ((bytes + ALIGN - 1) & ~(ALIGN - 1)) + guard;
  if (end < at || bytes > 0xffff0000) return 0; // the 32-bit address wrapped round
  const have = <usize>memory.size() * PAGE;
  if (end > have) {
    const need = <i32>((end - have + PAGE - 1) / PAGE);
    const ahead = max(need, <i32>(<usize>memory.size() >> 2)); // grow by a quarter, so that growth stays rare
    if (memory.grow(ahead) < 0 && memory.grow(need) < 0) return 0;
  }
  if (!ASC_NO_ASSERT) {
    memory.fill(at, 0xff, end - guard - at); // NaN, so that what is read before it is written shows
    placeCanary(end - guard);
  }
  top = end;
  return at;
}

function placeCanary(at: usize): void {
  for (let word: usize = 0; word < 7; word++) store<u64>(at + word * 8, CANARY);
  store<usize>(at + 56, lastCanary);
  lastCanary = at;
}

/** Fails when something was written past the end of the block; returns the canary before. */
function checkedCanary(at: usize): usize {
  for (let word: usize = 0; word < 7; word++) assert(load<u64>(at + word * 8) == CANARY, "a block was written past its end");
  return load<usize>(at + 56);
}
