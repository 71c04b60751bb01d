/**
 * The three attacks of the European data-protection board's criteria, after the definitions of anonymeter (Giomi et al., PoPETs 2023, §5):
 * singling out, linkability, inference. Each is tried on training patients and, as the control, on patients held out. Trials are
 * independent: of a patient with several rows one is attacked. Dimensions: N rows, D columns.
 */
import type { Backend } from '../backend/backend.js';
import type { FeatureMatrix } from '../encode/features.js';
import { attackRisk, nearestRows, type Rate, type Risk, wilson } from '../metrics/privacy.js';
import { oneRowEach, rowsByPatient } from '../metrics/resampling.js';
import type { Rows } from '../metrics/rows.js';
import type { Stream } from '../random.js';
import { type Column, isNumberColumn, type LevelColumn, type NumberColumn, takeRows } from '../table/table.js';
import { type PlacedParts, takePart } from './parts.js';
import { singleOut } from './singling-out.js';

export interface Attack {
  readonly training: Rate;
  readonly holdout: Rate;
  readonly risk: Risk;
}

export interface InferenceOfColumn extends Attack {
  readonly column: string;
}

export interface Attacks {
  /** Null where fewer than 20 predicates single out one synthetic row. */
  readonly singling_out: Attack | null;
  /** Null of a table with one column. */
  readonly linkability: Attack | null;
  /** Of each patient one column, drawn at random. */
  readonly inference: Attack | null;
  /** Of every patient this column; with many columns some exceed any limit by chance. */
  readonly inference_by_column: readonly InferenceOfColumn[];
}

/** More columns than this are drawn from. */
const MOST_SECRETS = 40;
/** A guess of a number within this share of the truth counts as right. */
const TOLERANCE = 0.05;

export const attackOf = (training: Rate, holdout: Rate): Attack => ({ training, holdout, risk: attackRisk(training, holdout) });

/** One row of each patient, with where it lies. */
interface Targets {
  readonly features: PlacedParts['training']['features'];
  readonly rows: Rows;
}

/** Null without patients held out: a success on training patients alone may be what anyone could have guessed. */
export async function tryAttacks(parts: PlacedParts, stream: Stream, backend: Backend): Promise<Attacks | null> {
  const { training, synthetic, holdout, encoder } = parts;
  if (!holdout || holdout.y.length === 0) return null;
  const targets = (part: typeof training): Targets => {
    const { features } = takePart(part, oneRowEach(rowsByPatient(part.patients), stream.child('targets')));
    return { features, rows: encoder.standardised(features) };
  };
  const sides = [targets(training), targets(holdout)] as const;
  const made: Targets = { features: synthetic.features, rows: encoder.standardised(synthetic.features) };
  return {
    singling_out: singleOut(made.features, training.features, holdout.features, stream.child('singling out')),
    ...(encoder.spans.length < 2
      ? { linkability: null, inference: null, inference_by_column: [] }
      : {
          linkability: await link(made, sides, encoder.spans, stream.child('linkability'), backend),
          ...(await infer(made, sides, encoder.spans, stream.child('inference'), backend)),
        }),
  };
}

type Spans = FeatureMatrix['spans'];

/** The chosen columns of a matrix. */
function columnsOf({ rows, cols, values }: Rows, spans: Spans): Rows {
  const width = spans.reduce((sum, span) => sum + span.width, 0);
  const out = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    let at = row * width;
    for (const { start, width: own } of spans) {
      for (let c = 0; c < own; c++) out[at++] = values[row * cols + start + c] as number;
    }
  }
  return { rows, cols: width, values: out };
}

/** Two data sets with half of the columns each: a patient is linked where both halves have the same nearest synthetic row. */
async function link(made: Targets, sides: readonly [Targets, Targets], spans: Spans, stream: Stream, backend: Backend): Promise<Attack> {
  const order = Array.from(stream.permutation(spans.length), (at) => spans[at] as Spans[number]);
  const halves = [order.slice(0, order.length >> 1), order.slice(order.length >> 1)] as const;
  const linked = async ({ rows }: Targets) => {
    const [a, b] = [
      await nearestRows(backend, columnsOf(rows, halves[0]), columnsOf(made.rows, halves[0]), 1),
      await nearestRows(backend, columnsOf(rows, halves[1]), columnsOf(made.rows, halves[1]), 1),
    ];
    return wilson(
      a.index.reduce((sum, row, i) => sum + (row === b.index[i] ? 1 : 0), 0),
      rows.rows,
    );
  };
  return attackOf(await linked(sides[0]), await linked(sides[1]));
}

/** A patient's secret is guessed to be that of the synthetic row that is nearest in all other columns. */
async function infer(
  made: Targets,
  sides: readonly [Targets, Targets],
  spans: Spans,
  stream: Stream,
  backend: Backend,
): Promise<Pick<Attacks, 'inference' | 'inference_by_column'>> {
  const secrets = Array.from(
    stream.child('secrets').permutation(spans.length).slice(0, MOST_SECRETS).sort(),
    (at) => spans[at] as Spans[number],
  );
  const drawn = sides.map(({ rows }, side) => {
    const draw = stream.child('column').child(side);
    return Uint32Array.from({ length: rows.rows }, () => draw.below(secrets.length));
  });
  const hits: [number, number] = [0, 0];
  const columns: InferenceOfColumn[] = [];
  for (const [s, secret] of secrets.entries()) {
    const others = spans.filter((span) => span !== secret);
    const from = columnsOf(made.rows, others);
    const rates: Rate[] = [];
    for (const [side, target] of sides.entries()) {
      const { index } = await nearestRows(backend, columnsOf(target.rows, others), from, 1);
      const right = agreement(columnNamed(target, secret.column), columnNamed({ features: takeRows(made.features, index) }, secret.column));
      right.forEach((yes, row) => {
        if (drawn[side]?.[row] === s) hits[side as 0 | 1] += yes;
      });
      rates.push(
        wilson(
          right.reduce((sum, yes) => sum + yes, 0),
          right.length,
        ),
      );
    }
    columns.push({ column: secret.column, ...attackOf(rates[0] as Rate, rates[1] as Rate) });
  }
  const trials = sides.map(({ rows }) => rows.rows);
  return {
    inference: attackOf(wilson(hits[0], trials[0] as number), wilson(hits[1], trials[1] as number)),
    inference_by_column: columns,
  };
}

const columnNamed = ({ features }: Pick<Targets, 'features'>, name: string): Column =>
  features.columns.find((column) => column.name === name) as Column;

/** 1 where the guess is right: the same level, a number within the tolerance, or missing in both; (N). */
function agreement(truth: Column, guess: Column): Uint8Array {
  if (isNumberColumn(truth)) {
    const { values } = guess as NumberColumn;
    return Uint8Array.from(truth.values, (value, i) => {
      const other = values[i] as number;
      return (Number.isNaN(value) ? Number.isNaN(other) : Math.abs(value - other) <= TOLERANCE * Math.abs(value)) ? 1 : 0;
    });
  }
  const [own, other] = [truth as LevelColumn, guess as LevelColumn];
  return Uint8Array.from(own.codes, (code, i) => (own.levels[code] === other.levels[other.codes[i] as number] ? 1 : 0));
}
