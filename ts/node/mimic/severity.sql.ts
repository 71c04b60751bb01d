/**
 * SAPS-II (Le Gall, Lemeshow and Saulnier, JAMA 1993;270:2957–63), for comparison, never as a feature. What was not measured scores 0;
 * of smallest and largest value the worse one counts.
 */

/** Points by the first condition that holds; none of them: `otherwise`. */
function points(rules: readonly (readonly [condition: string, score: number])[], otherwise = 0): string {
  return `CASE ${rules.map(([condition, score]) => `WHEN ${condition} THEN ${score}`).join(' ')} ELSE ${otherwise} END`;
}

/** A table of points where both directions are bad. */
const worst = (...sides: string[]): string => `greatest(${sides.join(', ')})`;

const BREATHING_HELP = 'greatest(ventilated, cpap) = 1';

const ITEMS: readonly string[] = [
  points(
    [
      ['age < 40', 0],
      ['age < 60', 7],
      ['age < 70', 12],
      ['age < 75', 15],
      ['age < 80', 16],
    ],
    18,
  ),
  worst(
    points([
      ['heartrate_min < 40', 11],
      ['heartrate_min < 70', 2],
    ]),
    points([
      ['heartrate_max >= 160', 7],
      ['heartrate_max >= 120', 4],
    ]),
  ),
  worst(
    points([
      ['sysbp_min < 70', 13],
      ['sysbp_min < 100', 5],
    ]),
    points([['sysbp_max >= 200', 2]]),
  ),
  points([['temp_max >= 39', 3]]),
  points([
    [`${BREATHING_HELP} AND pao2fio2_min < 100`, 11],
    [`${BREATHING_HELP} AND pao2fio2_min < 200`, 9],
    [`${BREATHING_HELP} AND pao2fio2_min >= 200`, 6],
  ]),
  points([
    ['urine_output_ml < 500', 11],
    ['urine_output_ml < 1000', 4],
  ]),
  points([
    ['bun_max >= 84', 10],
    ['bun_max >= 28', 6],
  ]),
  worst(points([['wbc_min < 1', 12]]), points([['wbc_max >= 20', 3]])),
  worst(points([['potassium_min < 3', 3]]), points([['potassium_max >= 5', 3]])),
  worst(points([['sodium_min < 125', 5]]), points([['sodium_max >= 145', 1]])),
  points([
    ['bicarbonate_min < 15', 6],
    ['bicarbonate_min < 20', 3],
  ]),
  points([
    ['bilirubin_max >= 6', 9],
    ['bilirubin_max >= 4', 4],
  ]),
  points([
    ['gcs_min < 6', 26],
    ['gcs_min < 9', 13],
    ['gcs_min < 11', 7],
    ['gcs_min < 14', 5],
  ]),
  points([
    ['aids = 1', 17],
    ['hem_malignancy = 1', 10],
    ['metastatic_cancer = 1', 9],
  ]),
  points([
    ["saps_admission = 'medical'", 6],
    ["saps_admission = 'unscheduled_surgical'", 8],
  ]),
];

export const sapsii = ITEMS.join('\n    + ');

/** Probability of death in hospital that goes with the score. */
export const sapsiiProbability = 'round(1 / (1 + exp(-(-7.7631 + 0.0737 * sapsii + 0.9971 * ln(sapsii + 1)))), 4)';
