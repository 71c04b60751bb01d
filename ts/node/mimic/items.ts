/** What of MIMIC's item ids measures the same thing, and which values of it can be true. */

export interface Measurement {
  readonly name: string;
  /** A value is kept where above < value < below. */
  readonly above: number;
  readonly below: number;
  readonly items: readonly number[];
  /** Recorded in degrees Fahrenheit; the limits are, too. */
  readonly fahrenheit?: boolean;
}

/** Item ids of the two bedside systems: CareVue up to 2008, MetaVision after. */
export interface Systems {
  readonly careVue: readonly number[];
  readonly metaVision: readonly number[];
}

export const charted = (name: string, [above, below]: readonly [number, number], { careVue, metaVision }: Systems): Measurement => ({
  name,
  above,
  below,
  items: [...careVue, ...metaVision],
});

export const numbers = (items: readonly number[]): string => items.join(', ');

/** The measurements as a source in SQL: itemid, name, above, below, fahrenheit. */
export function itemTable(measurements: readonly Measurement[]): string {
  const rows = measurements.flatMap(({ name, above, below, items, fahrenheit }) =>
    items.map((item) => `(${item}, '${name}', ${above}::DOUBLE, ${below}::DOUBLE, ${fahrenheit ?? false})`),
  );
  return `(VALUES ${rows.join(', ')}) AS item(itemid, name, above, below, fahrenheit)`;
}

/**
 * Smallest, largest and mean value of each of `names`, one row a stay, from a table of (icustay_id, name, value, place). Sums are taken
 * in the order of the file, so that the last digit does not depend on the number of threads.
 */
export function spread(table: string, names: readonly string[]): string {
  const columns = names.map((name) =>
    ['min', 'max', 'mean'].map((part) => `max(${part}) FILTER (name = '${name}') AS ${name}_${part}`).join(', '),
  );
  return `
    SELECT icustay_id, ${columns.join(',\n      ')}
    FROM (SELECT icustay_id, name, min(value) AS min, max(value) AS max, avg(value ORDER BY place) AS mean
          FROM ${table} WHERE name IN (${names.map((name) => `'${name}'`).join(', ')}) GROUP BY icustay_id, name)
    GROUP BY icustay_id`;
}

export const spreadColumns = (names: readonly string[]): string[] =>
  names.flatMap((name) => [`${name}_min`, `${name}_max`, `${name}_mean`]);
