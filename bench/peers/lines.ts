/** What is printed of a measured item: a line for each of our cores and each peer. */
import { existsSync } from 'node:fs';
import { aurocOf, ranking } from './checks.js';
import type { Core, PeerItem } from './items.js';
import type { Measured, NotMeasured } from './measure.js';

export interface PeerLine {
  readonly item: string;
  readonly core: Core;
  readonly value: number | null; // ours
  readonly unit: string;
  readonly reference: number | null; // the peer's
  readonly peer: string; // with its version
  readonly ratio: number | null; // how many times as fast we are
  readonly target: string | null;
  readonly verdict: 'met' | 'missed' | 'no target' | 'results differ' | `not run: ${string}`;
  readonly note: string | null;
}

export function linesOf(item: PeerItem, results: readonly (Measured | NotMeasured)[], folder: string): PeerLine[] {
  const of = new Map(results.map((result) => [result.system, result]));
  return Object.entries(item.peers).flatMap(([peer, targets]) =>
    coresOf(item)
      .filter((core) => core === 'simd' || targets.relaxed !== undefined)
      .map((core) => lineOf(item, core, of.get(core), peer, of.get(peer), targets[core] ?? null, folder)),
  );
}

/** Our cores that take part. */
export function coresOf({ peers }: PeerItem): Core[] {
  return Object.values(peers).some(({ relaxed }) => relaxed !== undefined) ? ['simd', 'relaxed'] : ['simd'];
}

function lineOf(
  item: PeerItem,
  core: Core,
  ours: Measured | NotMeasured | undefined,
  name: string,
  peer: Measured | NotMeasured | undefined,
  atLeast: number | null,
  folder: string,
): PeerLine {
  const figure = (seconds: number) => (item.perRun === null ? seconds / (item.calls ?? 1) : item.perRun / seconds);
  const done = (result: typeof ours): result is Measured => result !== undefined && 'seconds' in result;
  const common = {
    item: item.name,
    core,
    value: done(ours) ? figure(ours.seconds) : null,
    unit: item.unit,
    reference: done(peer) ? figure(peer.seconds) : null,
    peer: done(peer) ? peer.version : name,
    target: atLeast === null ? null : `ratio >= ${atLeast}`,
  };
  if (!done(ours) || !done(peer)) {
    const why = !done(ours) ? `our ${core} core ${why_(ours)}` : why_(peer as NotMeasured | undefined);
    return { ...common, ratio: null, verdict: `not run: ${why}`, note: null };
  }
  const ratio = peer.seconds / ours.seconds;
  const differ = item.check(ours.value, peer.value, folder);
  const verdict = differ ? 'results differ' : atLeast === null ? 'no target' : ratio >= atLeast ? 'met' : 'missed';
  const scores = item.check === ranking ? `AUROC ${auroc(ours, folder)}, peer ${auroc(peer, folder)}` : null;
  return { ...common, ratio, verdict, note: [differ, scores, peer.note].filter(Boolean).join('; ') || null };
}

const auroc = ({ value }: Measured, folder: string): string =>
  typeof value !== 'number' && existsSync(value.file) ? aurocOf(value, folder).toFixed(4) : '?';
const why_ = (result: NotMeasured | undefined): string => result?.why ?? 'was not asked';
