/**
 * The figures of the study that this one repeats (Islam & Akhter 2024), as printed there, to be shown beside ours.
 * It does not say which kernel or data set its MMD is from, nor which of its two classifiers its F1 is from.
 */
export interface PaperFigures {
  readonly citation: string;
  /** Table 1: MMD by method of ours; no data set is named. */
  readonly mmd: Readonly<Record<string, number>>;
  /** Table 2: minority F1 by our stand-in's data set, then by method of ours. */
  readonly f1: Readonly<Record<string, { readonly data: string; readonly values: Readonly<Record<string, number>> }>>;
}

export const paper: PaperFigures = {
  citation:
    'Islam & Akhter 2024: synthetic minority patients by SMOTE, CTGAN, VAE and TabDDPM on MIMIC-III (ICU mortality, 30,000 rows, 8%), Breast Cancer Wisconsin (569 rows, 37%) and a rare liver disorder registry (2,000 rows, 5%)',
  mmd: { smote: 0.213, ctgan: 0.152, tvae: 0.14, tabddpm: 0.087 },
  f1: {
    support2_icu: { data: 'MIMIC-III ICU mortality', values: { none: 0.51, smote: 0.57, ctgan: 0.62, tvae: 0.64, tabddpm: 0.72 } },
    breast_cancer: { data: 'Breast Cancer Wisconsin', values: { none: 0.84, smote: 0.87, ctgan: 0.89, tvae: 0.91, tabddpm: 0.93 } },
    pbc_visits: { data: 'rare liver disorder registry', values: { none: 0.41, smote: 0.48, ctgan: 0.53, tvae: 0.57, tabddpm: 0.66 } },
  },
};
