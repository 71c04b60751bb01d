/** What the module exports, and nothing else. Pointers are byte addresses, sizes are counts of elements. */
export { alloc, mark, release } from "./lib/arena";
