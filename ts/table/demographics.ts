/** Columns that tell groups of patients apart, known by their names: sex, age, race, ethnicity. */
const NAMES: ReadonlySet<string> = new Set(['sex', 'gender', 'age', 'race', 'ethnicity', 'ethnic']);

/** More levels than this are too small to be groups. */
export const MOST_GROUPS = 8;
/** Ages at which bands begin. */
export const CLINICAL_CUTS: readonly number[] = [65, 80];

/** "patientAge", "age_years" and "AGE" name an age; "stage" does not. */
const words = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);

export const namesGroups = (name: string): boolean => words(name).some((word) => NAMES.has(word));
export const namesAge = (name: string): boolean => words(name).includes('age');
