/** The report's other tables as text cells: data, discrimination, cut-off 0.5, calibration, fidelity, compute. */
import type { FidelityField, FidelitySummary, Statistic, Summary, UtilityField, UtilitySummary } from '../study/summary.js';
import { classifierTitle, fixed, grouped, plusMinus } from '../study/words.js';
import type { TextTable } from './tables.js';
import { bareGroup, datasetsWith, groupOf, methodAndRatio, nameOf, numberColumn, textColumn, titleOf, utilityRows } from './tables.js';

const METHOD_COLUMNS = [textColumn('Method'), textColumn('Ratio')];

export function dataTable(summary: Summary): TextTable {
  const share = (positives: number, rows: number) => (rows > 0 ? `${((100 * positives) / rows).toFixed(1)}%` : '–');
  return {
    title: 'The data sets of this study',
    columns: [
      textColumn('Data set'),
      numberColumn('Rows'),
      numberColumn('Positives'),
      numberColumn('Share'),
      numberColumn('Features'),
      numberColumn('Patients'),
      textColumn('Predicted'),
      textColumn('Source'),
    ],
    groups: [
      bareGroup(
        summary.datasets.map((d) => [
          d.title,
          grouped(d.rows),
          grouped(d.positives),
          share(d.positives, d.rows),
          grouped(d.features),
          d.groups === null ? '–' : grouped(d.groups),
          `${d.target} = ${d.positive}`,
          d.source ?? `the user’s own file ${d.file}`,
        ]),
      ),
    ],
    notes: ['Patients: where a data set has several rows a patient, all of them stay on the same side of a split.'],
  };
}

/** A table with the same fields for each classifier, a group a data set. */
function byClassifier(
  summary: Summary,
  fields: readonly (readonly [UtilityField, string, number])[],
): Pick<TextTable, 'columns' | 'groups'> {
  const cells = (entry: UtilitySummary | undefined) => fields.map(([field, , digits]) => plusMinus(entry?.values[field], digits));
  return {
    columns: [
      ...METHOD_COLUMNS,
      ...summary.classifiers.flatMap((classifier) => fields.map(([, title]) => numberColumn(`${classifierTitle(classifier)}: ${title}`))),
    ],
    groups: datasetsWith(summary, summary.utility).map((dataset) =>
      groupOf(
        summary,
        dataset,
        utilityRows(summary, dataset).map(({ method, ratio, byClassifier: entries }) => [
          ...methodAndRatio(method, ratio),
          ...entries.flatMap(cells),
        ]),
      ),
    ),
  };
}

export const rankingTable = (summary: Summary): TextTable => ({
  title: 'Table 3. Ranking: area under the ROC curve and average precision (higher is better)',
  ...byClassifier(summary, [
    ['auroc', 'AUROC', 3],
    ['ap', 'AP', 3],
  ]),
  notes: [
    'Mean ± standard deviation over splits. Neither depends on a cut-off, so a gain here is more than a moved threshold. AP is the stricter one when positives are rare.',
  ],
});

export const cutOffTable = (summary: Summary): TextTable => ({
  title: 'Table 4. Alarms at cut-off 0.5: precision and recall',
  ...byClassifier(summary, [
    ['precision', 'precision', 3],
    ['recall', 'recall', 3],
  ]),
  notes: [
    'Mean ± standard deviation over splits. Precision: share of alarms that are right (positive predictive value). Recall: share of positives found (sensitivity).',
  ],
});

export function calibrationTable(summary: Summary): TextTable {
  const fields: readonly UtilityField[] = [
    'brier',
    'calibration_intercept',
    'calibration_slope',
    'brier_prior',
    'calibration_intercept_prior',
    'calibration_slope_prior',
  ];
  const digits = (field: UtilityField) => (field.startsWith('brier') ? 4 : 2);
  const groups = datasetsWith(summary, summary.utility).flatMap((dataset) =>
    summary.classifiers.map((classifier) => ({
      title: `${titleOf(summary, dataset)} · ${classifierTitle(classifier)}`,
      name: `${nameOf(summary, dataset)} ${classifier}`,
      rows: summary.utility
        .filter((entry) => entry.dataset === dataset && entry.classifier === classifier)
        .map((entry) => [
          ...methodAndRatio(entry.method, entry.ratio),
          ...fields.map((field) => plusMinus(entry.values[field], digits(field))),
        ]),
    })),
  );
  return {
    title: 'Table 5. Predicted risks: Brier score and calibration, as predicted and after prior correction',
    columns: [
      ...METHOD_COLUMNS,
      ...['as predicted', 'prior-corrected'].flatMap((when) =>
        ['Brier', 'intercept', 'slope'].map((title) => numberColumn(`${title}, ${when}`)),
      ),
    ],
    groups: groups.filter(({ rows }) => rows.length > 0),
    notes: [
      'Mean ± standard deviation over splits. Brier: lower is better. Intercept 0 and slope 1 are ideal; a negative intercept means risks predicted too high, a slope below 1 means risks too extreme.',
      'Prior correction undoes what the added rows did to the share of positives; it costs nothing and needs no further data. Where it makes the Brier score worse, the classifier had not taken that shift over in full.',
    ],
  };
}

export function fidelityTable(summary: Summary): TextTable {
  const fields: readonly (readonly [FidelityField, string, number])[] = [
    ['ks_mean', 'KS', 3],
    ['tv_mean', 'TV', 3],
    ['wasserstein_mean', 'Wasserstein', 3],
    ['pair_difference', 'Pair difference', 3],
    ['c2st_auc', 'C2ST AUC', 3],
    ['coverage', 'Coverage', 3],
    ['mmd_multi', 'MMD² over 5 widths', 4],
    ['mmd_multi_floor', 'its floor', 4],
  ];
  const cell = (statistic: Statistic | null, field: FidelityField, digits: number) =>
    field.startsWith('mmd') ? fixed(statistic?.mean, digits) : plusMinus(statistic, digits);
  const held = summary.fidelity.some(({ acceptance }) => acceptance !== undefined);
  const cells = ({ method, ratio, values, acceptance }: FidelitySummary) => [
    ...methodAndRatio(method, ratio),
    ...fields.map(([field, , digits]) => cell(values[field], field, digits)),
    ...(held ? [plusMinus(acceptance)] : []),
  ];
  return {
    title: 'Table 6. Fidelity: how synthetic minority rows differ from unseen real ones',
    columns: [...METHOD_COLUMNS, ...[...fields.map(([, title]) => title), ...(held ? ['Held'] : [])].map(numberColumn)],
    groups: datasetsWith(summary, summary.fidelity).map((dataset) =>
      groupOf(summary, dataset, summary.fidelity.filter((entry) => entry.dataset === dataset).map(cells)),
    ),
    notes: [
      'Mean ± standard deviation over splits. KS, TV, Wasserstein and pair difference: 0 is ideal. C2ST AUC: 0.5 means that a classifier cannot tell synthetic from real. Coverage: 1 means that every real patient has a synthetic neighbour.',
      'Small test minorities leave these numbers above their ideal even for real patients; read them beside each other rather than alone.',
      ...(held
        ? [
            'Held: the share of drawn rows in which the constraints of the table’s schema held; the others were drawn again, so that all rows that were added and measured hold them. “–” is a table without constraints.',
          ]
        : []),
    ],
  };
}

export function computeTable(summary: Summary): TextTable {
  const rows = (dataset: string) =>
    utilityRows(summary, dataset).map(({ method, ratio, byClassifier: entries }) => {
      const made = summary.fidelity.find((entry) => entry.dataset === dataset && entry.method === method && entry.ratio === ratio);
      return [
        ...methodAndRatio(method, ratio),
        grouped(made?.values.n_synth?.mean),
        plusMinus(made?.values.fit_s, 2),
        plusMinus(made?.values.sample_s, 2),
        ...entries.map((entry) => plusMinus(entry?.values.classifier_s, 2)),
        fixed(made?.values.memory_mb?.mean, 0),
      ];
    });
  return {
    title: 'Table 9. Compute for one cell (a method on one split)',
    columns: [
      ...METHOD_COLUMNS,
      numberColumn('Rows made'),
      numberColumn('Fit, s'),
      numberColumn('Sample, s'),
      ...summary.classifiers.map((classifier) => numberColumn(`${classifierTitle(classifier)}, s`)),
      numberColumn('Memory, MB'),
    ],
    groups: datasetsWith(summary, summary.utility).map((dataset) => groupOf(summary, dataset, rows(dataset))),
    notes: [
      'Wall-clock seconds, mean ± standard deviation over splits, on the machine named at the end; cells that ran beside others shared its cores. Fit and sample belong to the generator, the others to training and applying the classifier.',
    ],
  };
}
