/**
 * The state of one round of boosting, laid out in its scratch: rows in the order of the leaves so far, gradients, histograms of the
 * nodes that wait to be split.
 *
 * Dimensions: N rows, D features.
 */
import { FEATURE } from "./histogram";
import { Penalty, Split } from "./split";
import { NodeTable } from "./tree";

/** A node that waits to be split: rows [start, end) of the order, its histogram's place, its sums. */
@unmanaged
export class Waiting {
  g: f64;
  h: f64;
  node: i32;
  start: i32;
  end: i32;
  depth: i32;
  slot: i32;
}

/** The round at hand; lies at the start of the scratch. */
@unmanaged
export class Round {
  codes: usize; // (D, N) u8
  codeRows: usize; // (N, D) u8
  sums: usize; // {g, h} f64 of all rows
  gradients: usize; // (N) {g, h} f32
  rows: usize; // (N) u32, rows in the order of the leaves so far
  spare: usize; // (N) u32
  bins: usize; // (D) i32
  lower: usize; // (D, BINS) f32
  upper: usize;
  margins: usize; // (N) f32
  histograms: usize; // (depth + 1, D, BINS) {g, h} f64
  histogramBytes: usize;
  waiting: usize; // (depth + 1) Waiting
  free: usize; // (depth + 1) i32, free histogram slots
  penalty: Penalty;
  best: Split;
  table: NodeTable;
  n: i32;
  d: i32;
  depth: i32;
  waits: i32;
  frees: i32;
  learningRate: f64;
  gamma: f64;
  subsample: f64;
}

// @ts-ignore: decorator
@inline function aligned(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

// @ts-ignore: decorator
@inline function histogramSize(d: i32): usize {
  return <usize>d * FEATURE;
}

/** Bytes of scratch for boostRound and regressionRound. */
export function boostScratch(n: i32, d: i32, depth: i32): usize {
  const slots = <usize>(depth + 1);
  return 1024 + aligned(<usize>n * 8) + 2 * aligned(<usize>n * 4) + slots * (histogramSize(d) + 64 + 64);
}

export function layRound(scratch: usize, n: i32, d: i32, depth: i32): Round {
  const round = changetype<Round>(scratch);
  round.penalty = changetype<Penalty>(scratch + 256);
  round.best = changetype<Split>(scratch + 384);
  round.table = changetype<NodeTable>(scratch + 512);
  round.sums = scratch + 640;
  round.gradients = scratch + 1024;
  round.rows = round.gradients + aligned(<usize>n * 8);
  round.spare = round.rows + aligned(<usize>n * 4);
  round.waiting = round.spare + aligned(<usize>n * 4);
  round.free = round.waiting + <usize>(depth + 1) * 64;
  round.histograms = round.free + <usize>(depth + 1) * 64;
  round.histogramBytes = histogramSize(d);
  round.n = n;
  round.d = d;
  round.depth = depth;
  return round;
}

export function wait(round: Round, node: i32, start: i32, end: i32, depth: i32, slot: i32, g: f64, h: f64): void {
  const entry = changetype<Waiting>(round.waiting + (<usize>(round.waits++) << 6));
  entry.g = g;
  entry.h = h;
  entry.node = node;
  entry.start = start;
  entry.end = end;
  entry.depth = depth;
  entry.slot = slot;
}

export function waitOrRelease(round: Round, split: bool, node: i32, start: i32, end: i32, depth: i32, slot: i32, g: f64, h: f64): void {
  if (split) wait(round, node, start, end, depth, slot, g, h);
  else release(round, slot);
}

export function take(round: Round): i32 {
  return load<i32>(round.free + (<usize>(--round.frees) << 2));
}

export function release(round: Round, slot: i32): void {
  store<i32>(round.free + (<usize>(round.frees++) << 2), slot);
}
