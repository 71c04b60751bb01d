/** What the columns of a feature matrix are called in other tools' files. Dimensions: D features. */
import type { FeatureEncoder } from '../encode/features.js';

export interface NamedFeature {
  readonly name: string;
  /** A 0/1 column of one level, or a number. */
  readonly indicator: boolean;
}

/**
 * The D features in order: a number column by its name, each level of a level column as `column=level`, its missing cells as
 * `column=(missing)`. XGBoost takes no name with `[`, `]` or `<`; a name that then occurs twice gets a number.
 */
export function namedFeatures({ state }: Pick<FeatureEncoder, 'state'>): NamedFeature[] {
  const taken = new Set<string>();
  const unique = (name: string): string => {
    const plain = name.replaceAll('[', '(').replaceAll(']', ')').replaceAll('<', 'below ');
    let own = plain;
    for (let n = 2; taken.has(own); n++) own = `${plain} (${n})`;
    taken.add(own);
    return own;
  };
  return state.flatMap((column): NamedFeature[] => {
    if (column.kind === 'number') return [{ name: unique(column.column), indicator: false }];
    return column.index.levels.map((level) => ({ name: unique(`${column.column}=${level ?? '(missing)'}`), indicator: true }));
  });
}
