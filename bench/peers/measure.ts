/** Takes turns among systems on one item: each runs once to warm up, then round after round; its best run counts. */
import type { Answer, Request, SystemProcess, Value } from './process.js';

export interface Measured {
  readonly system: string;
  readonly version: string;
  readonly seconds: number; // CPU seconds of its best run
  readonly runs: number; // that were timed
  readonly value: Value; // of its last run
  readonly note: string | null;
}

export interface NotMeasured {
  readonly system: string;
  readonly why: string; // "needs …" of what is not installed, else what went wrong
}

export interface Patience {
  readonly rounds: number;
  /** A system that has run for so long sits the further rounds out, once it has been timed. */
  readonly seconds: number;
  readonly prepareMs: number;
  readonly runMs: number;
}

export const PATIENCE: Patience = { rounds: 7, seconds: 10, prepareMs: 300_000, runMs: 300_000 };
/** A first run of this many seconds is long enough to be the timed one: what warming up costs is lost in it. */
const LONG_S = 4;

interface Entrant {
  readonly system: string;
  readonly process: SystemProcess;
  version: string;
  best: number;
  spent: number;
  runs: number;
  last: Answer | null;
  why: string | null;
}

export async function measure(
  item: string,
  folder: string,
  systems: ReadonlyMap<string, SystemProcess>,
  patience: Patience = PATIENCE,
): Promise<(Measured | NotMeasured)[]> {
  const entrants = [...systems].map(
    ([system, process]): Entrant => ({
      system,
      process,
      version: '',
      best: Number.POSITIVE_INFINITY,
      spent: 0,
      runs: 0,
      last: null,
      why: null,
    }),
  );
  for (const entrant of entrants) await prepare(entrant, { do: 'prepare', item, folder }, patience.prepareMs);
  for (let round = 0; round <= patience.rounds; round++) {
    for (const entrant of entrants) {
      const tired = entrant.spent > patience.seconds && entrant.runs > 0;
      if (entrant.why === null && !tired) await runOnce(entrant, round === 0, patience.runMs);
    }
  }
  for (const { process, why } of entrants) if (why === null) await process.ask({ do: 'end' }, patience.runMs);
  return entrants.map(resultOf);
}

async function prepare(entrant: Entrant, request: Request, limitMs: number): Promise<void> {
  const answer = await entrant.process.ask(request, limitMs);
  if (answer.ready !== undefined) entrant.version = answer.ready;
  else entrant.why = answer.missing ? `needs ${answer.missing}` : (answer.error ?? 'gave no answer that says "ready"');
}

async function runOnce(entrant: Entrant, first: boolean, limitMs: number): Promise<void> {
  const start = performance.now();
  const answer = await entrant.process.ask({ do: 'run' }, limitMs);
  const took = (performance.now() - start) / 1000;
  if (answer.seconds === undefined || answer.value === undefined) {
    entrant.why = answer.error ?? 'gave no answer with "seconds" and "value"';
    return;
  }
  entrant.last = answer;
  entrant.spent += took;
  if (first && took < LONG_S) return;
  entrant.best = Math.min(entrant.best, answer.seconds);
  entrant.runs++;
}

function resultOf({ system, version, best, runs, last, why }: Entrant): Measured | NotMeasured {
  if (why !== null || last?.value === undefined) return { system, why: why ?? 'was never run' };
  return { system, version, seconds: best, runs, value: last.value, note: last.note ?? null };
}
