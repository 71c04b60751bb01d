/** Whether synthetic minority rows stand for real ones, of every group: measured beside what other real patients reach (the floor). */
import type { Backend } from '../backend/backend.js';
import { fitFeatures } from '../encode/features.js';
import { columnDistances, meanDefined } from '../metrics/columns.js';
import { type Fidelity, fidelity } from '../metrics/fidelity.js';
import { type Rate, wilson } from '../metrics/privacy.js';
import { bootstrap, resampled, rowsByPatient, type Valued } from '../metrics/resampling.js';
import type { Stream } from '../random.js';
import { type Table, takeRows } from '../table/table.js';
import { type Detectability, measureDetection } from './detection.js';
import { type Grouping, membersOf } from './groups.js';
import { type AuditParts, ofClass, type Part, takePart } from './parts.js';

export interface GroupLikeness {
  readonly columns: readonly string[];
  readonly group: string;
  readonly rows: { readonly training: number; readonly synthetic: number; readonly reference: number };
  /** Of the minority of each table: how many of it the group is. */
  readonly share: { readonly training: Rate; readonly synthetic: Rate };
  /** Mean KS or TV distance of the other columns to the reference rows of the group; null with fewer than LEAST_ROWS rows on a side. */
  readonly distance: number | null;
  /** The same of real rows. */
  readonly floor: number | null;
  /** Distance − floor, with its interval: 0 = as near as other real patients are. */
  readonly excess: Valued | null;
}

export interface Likeness {
  /** The held-out patients; without them half of the training patients, whom the generator has seen. */
  readonly reference: 'holdout' | 'half of the training patients';
  readonly whole: GroupLikeness;
  readonly groups: readonly GroupLikeness[];
  /** Numbers of a result line of the study; null where the minority is not synthesised. */
  readonly fidelity: Fidelity | null;
  /** Of the whole minority; null with fewer than LEAST_ROWS rows, or two patients, on a side. */
  readonly detection: Detectability | null;
}

/** Fewer rows than this tell nothing about a distribution. */
export const LEAST_ROWS = 10;
const RESAMPLES = 200;

/** Null without synthetic minority rows. */
export async function measureLikeness(
  parts: AuditParts,
  groupings: readonly Grouping[],
  stream: Stream,
  backend: Backend,
): Promise<Likeness | null> {
  const positives = ofClass({ ...parts.synthetic, patients: Int32Array.from(parts.synthetic.y, (_, row) => row) }, 1);
  if (positives.y.length === 0) return null;
  const own = ofClass(parts.training, 1);
  const [training, reference] = parts.holdout ? [own, ofClass(parts.holdout, 1)] : halves(own, stream.child('halves'));
  const sides = { all: own, training, reference, synthetic: positives };
  const encoder = fitFeatures(own.features);
  const placed = ({ features, patients }: Part) => ({ table: features, rows: encoder.standardised(features), patients });
  const groups = groupings.flatMap((grouping) => {
    const of = {
      all: grouping.of(own.features),
      training: grouping.of(training.features),
      reference: grouping.of(reference.features),
      synthetic: grouping.of(positives.features),
    };
    return grouping.groups.map((group, g) => {
      const taken = Object.fromEntries(
        Object.entries(of).map(([side, rows]) => [side, takePart(sides[side as keyof typeof sides], membersOf(rows, g))]),
      );
      return likenessOf(
        taken as unknown as typeof sides,
        sides,
        grouping.columns,
        group,
        stream.child(grouping.columns.join(' ')).child(g),
      );
    });
  });
  return {
    reference: parts.holdout ? 'holdout' : 'half of the training patients',
    whole: likenessOf(sides, sides, [], 'all', stream.child('whole')),
    groups,
    fidelity:
      reference.y.length > 1
        ? await fidelity(
            backend,
            { training: placed(training), test: placed(reference), synthetic: placed(positives) },
            stream.child('fidelity'),
          )
        : null,
    detection: enough(sides)
      ? await measureDetection(
          { synthetic: placed(asMany(positives, training, stream)), training: placed(training), reference: placed(reference) },
          RESAMPLES,
          stream.child('detection'),
          backend,
        )
      : null,
  };
}

interface Sides {
  readonly all: Part;
  readonly training: Part;
  readonly reference: Part;
  readonly synthetic: Part;
}

const enough = ({ training, reference, synthetic }: Sides): boolean =>
  [training, reference, synthetic].every(({ y }) => y.length >= LEAST_ROWS);

/** At most as many synthetic rows as training rows: the fewer rows, the larger a distance is by chance alone. */
const asMany = (synthetic: Part, training: Part, stream: Stream): Part =>
  takePart(synthetic, stream.child('drawn').permutation(synthetic.y.length).slice(0, training.y.length).sort());

function likenessOf(group: Sides, whole: Sides, columns: readonly string[], name: string, stream: Stream): GroupLikeness {
  const { training, reference, synthetic } = group;
  const rows = { training: group.all.y.length, synthetic: synthetic.y.length, reference: reference.y.length };
  const share = (side: 'all' | 'synthetic') => wilson(group[side].y.length, whole[side].y.length);
  const base = { columns, group: name, rows, share: { training: share('all'), synthetic: share('synthetic') } };
  if (!enough(group)) return { ...base, distance: null, floor: null, excess: null };
  const drawn = asMany(synthetic, training, stream);
  const patients = [training, reference, drawn].map((part) => rowsByPatient(part.patients)) as [
    Uint32Array[],
    Uint32Array[],
    Uint32Array[],
  ];
  const both = (real: Table, other: Table, made: Table): [number, number] => [apart(real, made, columns), apart(real, other, columns)];
  const [distance, floor] = both(reference.features, training.features, drawn.features);
  const interval = bootstrap(
    stream.child('bootstrap'),
    (draw) => {
      const [t, r, s] = patients.map((own, side) => resampled(own, draw.child(side))) as [Uint32Array, Uint32Array, Uint32Array];
      const [made, real] = both(takeRows(reference.features, r), takeRows(training.features, t), takeRows(drawn.features, s));
      return made - real;
    },
    RESAMPLES,
  );
  return { ...base, distance, floor, excess: { value: distance - floor, ...interval } };
}

/** Mean over the other columns of their KS or TV distance. */
function apart(real: Table, made: Table, own: readonly string[]): number {
  const { columns } = columnDistances(real, made);
  return meanDefined(columns.filter(({ name }) => !own.includes(name)).map(({ ks, tv }) => ks ?? tv));
}

/** The patients in two halves. */
function halves(part: Part, stream: Stream): [Part, Part] {
  const patients = rowsByPatient(part.patients);
  const order = stream.permutation(patients.length);
  const side = (from: number, to: number) =>
    takePart(part, Uint32Array.from(Array.from(order.slice(from, to), (p) => Array.from(patients[p] as Uint32Array)).flat()).sort());
  const middle = patients.length >> 1;
  return [side(0, middle), side(middle, patients.length)];
}
