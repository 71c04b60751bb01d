/** exp and log over arrays: out[i] = f(x[i]), n elements. The last 1–3 go through a buffer of four. */
import { exp4 } from "./lib/exp";
import { log4 } from "./lib/log";

const tail = memory.data(16, 16);

export function expEach(n: i32, x: usize, out: usize): void {
  const whole = <usize>(n & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) v128.store(out + i, exp4(v128.load(x + i)));
  const rest = <usize>(n & 3) << 2;
  if (rest == 0) return;
  memory.copy(tail, x + whole, rest);
  v128.store(tail, exp4(v128.load(tail)));
  memory.copy(out + whole, tail, rest);
}

export function logEach(n: i32, x: usize, out: usize): void {
  const whole = <usize>(n & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) v128.store(out + i, log4(v128.load(x + i)));
  const rest = <usize>(n & 3) << 2;
  if (rest == 0) return;
  memory.copy(tail, x + whole, rest);
  v128.store(tail, log4(v128.load(tail)));
  memory.copy(out + whole, tail, rest);
}
