/**
 * The module's linear memory as a bump arena: no headers, no garbage collector, every block 64-byte aligned.
 * Blocks are freed in reverse order, by `release(mark())`.
 */

// @ts-ignore: decorator
@inline const ALIGN: usize = 64;
// @ts-ignore: decorator
@inline const PAGE: usize = 65536;

let top: usize = (__heap_base + ALIGN - 1) & ~(ALIGN - 1);

/** Address above which everything is free. */
export function mark(): usize {
  return top;
}

/** Frees every block allocated since `mark()` returned `at`. */
export function release(at: usize): void {
  assert(at <= top);
  top = at;
}

/** A block of `bytes`, uninitialised; 0 when the memory cannot grow that far (the caller turns that into an error). */
export function alloc(bytes: usize): usize {
  const at = top;
  const end = at + ((bytes + ALIGN - 1) & ~(ALIGN - 1));
  if (end < at || bytes > 0xffff0000) return 0; // the 32-bit address wrapped round
  const have = <usize>memory.size() * PAGE;
  if (end > have) {
    const need = <i32>((end - have + PAGE - 1) / PAGE);
    const ahead = max(need, <i32>(<usize>memory.size() >> 2)); // grow by a quarter, so that growth stays rare
    if (memory.grow(ahead) < 0 && memory.grow(need) < 0) return 0;
  }
  top = end;
  return at;
}
