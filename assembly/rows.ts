/** Rows picked by index, blocks of columns, and sums over rows. Dimensions: B batch rows, O columns; index (B) of 32-bit row numbers. */

/** to (O) += from (O). */
// @ts-ignore: decorator
@inline function addRow(O: i32, from: usize, to: usize): void {
  const end = to + (<usize>O << 2), whole = to + (<usize>(O & ~3) << 2);
  for (; to < whole; from += 16, to += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  for (; to < end; from += 4, to += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
}

/** out[i] (O) = source[index[i]] (O). */
export function gatherRows(B: i32, O: i32, source: usize, index: usize, out: usize): void {
  const bytes = <usize>O << 2;
  for (let i = 0; i < B; i++, index += 4, out += bytes) memory.copy(out, source + <usize>load<u32>(index) * bytes, bytes);
}

/** out[i] (O) += table[index[i]] (O). */
export function addRows(B: i32, O: i32, table: usize, index: usize, out: usize): void {
  const bytes = <usize>O << 2;
  for (let i = 0; i < B; i++, index += 4, out += bytes) addRow(O, table + <usize>load<u32>(index) * bytes, out);
}

/** dtable[index[i]] (O) += dout[i] (O), i ascending. */
export function addRowsBackward(B: i32, O: i32, dout: usize, index: usize, dtable: usize): void {
  const bytes = <usize>O << 2;
  for (let i = 0; i < B; i++, index += 4, dout += bytes) addRow(O, dout, dtable + <usize>load<u32>(index) * bytes);
}

/** Columns at … at + I − 1 of out (B, O) = source (B, I). */
export function placeColumns(B: i32, I: i32, source: usize, O: i32, at: i32, out: usize): void {
  const bytes = <usize>I << 2, stride = <usize>O << 2;
  out += <usize>at << 2;
  for (let i = 0; i < B; i++, source += bytes, out += stride) memory.copy(out, source, bytes);
}

/** out (B, I) = columns at … at + I − 1 of source (B, O). */
export function takeColumns(B: i32, I: i32, source: usize, O: i32, at: i32, out: usize): void {
  const bytes = <usize>I << 2, stride = <usize>O << 2;
  source += <usize>at << 2;
  for (let i = 0; i < B; i++, out += bytes, source += stride) memory.copy(out, source, bytes);
}

// @ts-ignore: decorator
@inline const RUN: i32 = 64; // rows summed before they are added to the total, which keeps the rounding small

/** out (O) = Σ_i x[i] (O), x (B, O): sums of 64 rows, added up in order. */
export function columnSums(B: i32, O: i32, x: usize, out: usize): void {
  const bytes = <usize>O << 2;
  memory.fill(out, 0, bytes);
  for (let i = 0; i < B; i += RUN) {
    const end = x + <usize>min(RUN, B - i) * bytes;
    let j: usize = 0;
    for (; j + 32 <= bytes; j += 32) {
      let s0 = f32x4.splat(0), s1 = s0;
      for (let p = x + j; p < end; p += bytes) {
        s0 = f32x4.add(s0, v128.load(p));
        s1 = f32x4.add(s1, v128.load(p, 16));
      }
      v128.store(out + j, f32x4.add(v128.load(out + j), s0));
      v128.store(out + j, f32x4.add(v128.load(out + j, 16), s1), 16);
    }
    for (; j < bytes; j += 4) {
      let s: f32 = 0;
      for (let p = x + j; p < end; p += bytes) s += load<f32>(p);
      store<f32>(out + j, load<f32>(out + j) + s);
    }
    x = end;
  }
}
