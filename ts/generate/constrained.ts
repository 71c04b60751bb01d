/**
 * Rows that hold constraints: what can be had by construction is (steps, sums); rows that break another one are drawn again, so that the
 * rest follows the model's own distribution under the condition that the constraints hold. The first draw is the one without constraints.
 */
import { ComputeError } from '../errors.js';
import type { Stream } from '../random.js';
import { brokenBy, type Constraint, constructed, wordsOf } from '../table/constraints.js';
import { concatTables, type Dataset, type LevelColumn, type Table, takeRows } from '../table/table.js';
import type { Sampler } from './generator.js';

/** How often rows held: `accepted` of `drawn`. */
export interface Acceptance {
  readonly drawn: number;
  readonly accepted: number;
}

export interface HeldRows extends Acceptance {
  readonly table: Table;
}

export interface Holding {
  readonly constraints: readonly Constraint[];
  /** Constraints may be about the target, which has one value in all rows drawn. */
  readonly target: string;
  readonly label: string;
}

/** So many draws a row, on average, are tried. */
const MOST_DRAWS = 100;
const FEWEST_AGAIN = 64;
/** More rows than this times what is wanted are never drawn at once. */
const MOST_AT_ONCE = 4;

/** `count` rows of `draw` in which all constraints hold. Throws {@link ComputeError} where too few do. */
export async function drawHeld(
  draw: (count: number, stream: Stream) => Promise<Table>,
  count: number,
  stream: Stream,
  holding: Holding,
): Promise<HeldRows> {
  let kept: Table | null = null;
  let drawn = 0;
  let accepted = 0;
  const faults = new Float64Array(holding.constraints.length);
  for (let round = 0; ; round++) {
    const missing: number = count - (kept?.rows ?? 0);
    const rate = drawn === 0 ? 1 : Math.max(accepted, 0.5) / drawn;
    const wanted =
      round === 0
        ? count
        : Math.min(Math.max(FEWEST_AGAIN, Math.ceil((1.2 * missing) / rate)), MOST_AT_ONCE * Math.max(count, FEWEST_AGAIN));
    const rows = constructed(await draw(wanted, round === 0 ? stream : stream.child('again').child(round)), holding.constraints);
    const broken = brokenBy(withTarget(rows, holding), holding.constraints);
    const good = [...broken.keys()].filter((row) => broken[row] === -1);
    for (const fault of broken) if (fault >= 0) (faults[fault] as number)++;
    drawn += wanted;
    accepted += good.length;
    const own = takeRows(rows, good.slice(0, missing));
    kept = kept === null ? own : concatTables(kept, own);
    if (kept.rows === count) return { table: kept, drawn, accepted };
    if (drawn >= MOST_DRAWS * Math.max(count, FEWEST_AGAIN)) throw cannotHold(holding, faults, { drawn, accepted });
  }
}

function withTarget(table: Table, { target, label }: Holding): Table {
  const column: LevelColumn = { name: target, kind: 'categorical', levels: [label], codes: new Int32Array(table.rows) };
  return { rows: table.rows, columns: [...table.columns, column] };
}

function cannotHold({ constraints }: Holding, faults: Float64Array, { drawn, accepted }: Acceptance): ComputeError {
  const worst = faults.indexOf(faults.reduce((most, n) => Math.max(most, n), 0));
  return new ComputeError(
    `constraints cannot be met: ${accepted} of ${drawn} drawn rows hold all of them, and "${wordsOf(constraints[worst] as Constraint)}" is broken first by ${faults[worst]}; loosen it, or correct the real rows that break it`,
  );
}

export interface HoldingSampler {
  readonly sampler: Sampler;
  /** Of all rows that it has drawn so far; null where there are no constraints. */
  acceptance(): Acceptance | null;
}

/** A sampler fitted on a data set whose `sample` and `sampleMajority` draw rows that hold its constraints; the same one where it has none. */
export function holdingSampler(sampler: Sampler, { constraints = [], target }: Pick<Dataset, 'constraints' | 'target'>): HoldingSampler {
  if (constraints.length === 0) return { sampler, acceptance: () => null };
  const { sample, sampleMajority } = sampler;
  let all: Acceptance = { drawn: 0, accepted: 0 };
  const held =
    (label: string, draw: Sampler['sample']): Sampler['sample'] =>
    async (rows, stream, run) => {
      const holding = { constraints, target: target.column, label };
      const { table, drawn, accepted } = await drawHeld((count, own) => draw(count, own, run), rows, stream, holding);
      all = { drawn: all.drawn + drawn, accepted: all.accepted + accepted };
      return table;
    };
  return {
    sampler: {
      ...sampler,
      sample: held(target.positive, sample),
      ...(sampleMajority && { sampleMajority: held(target.negative, sampleMajority) }),
    },
    acceptance: () => all,
  };
}

/** What the reader should know of it, as a sentence. */
export const acceptanceWords = ({ drawn, accepted }: Acceptance): string =>
  `constraints hold in all synthetic rows: ${accepted} of ${drawn} drawn rows (${((100 * accepted) / drawn).toFixed(1)}%) held them, the others were drawn again`;
