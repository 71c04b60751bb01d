/** Golden cases that this project does not claim, file by file, with the reason. Everything else in a file must be tested. */
export const unclaimed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // fields of expected values; `weight` is a field of the case
  metrics: {
    weight: 'rows of a study carry no weights when they are judged',
    precision_zd1: 'an undefined share is 0 here',
    recall_zd1: 'as precision_zd1',
    f1_zd1: 'as precision_zd1',
    f2_zd0: 'not reported',
    f1_macro_zd0: 'not reported: the study is about the minority',
    balanced_accuracy: 'not reported',
    mcc: 'not reported',
    cohen_kappa: 'not reported',
    log_loss: 'not reported: Brier score and recalibration are',
  },
  mmd: {
    exact_permutation: 'no permutation test is built yet',
  },
  // kinds, and fields of expected values
  distances: {
    cat_cat: "Cramér's V is not reported; joint tables are compared by total variation",
    cat_num_correlation_ratio: 'not reported; numbers are binned beside levels',
    ks_p_asymp: 'the distance is reported, not a test',
    ks_p_exact: 'as ks_p_asymp',
    energy: 'not reported',
    w1_weighted: 'rows carry no weights',
    js_divergence_nats: 'not reported: total variation is',
    js_divergence_bits: 'as js_divergence_nats',
    js_distance_bits: 'as js_divergence_nats',
    hellinger: 'as js_divergence_nats',
    chi2: 'the distance is reported, not a test',
    chi2_p: 'as chi2',
    chi2_dof: 'as chi2',
    spearman: 'not reported: Pearson is',
    kendall_tau_b: 'as spearman',
  },
  // fields; `mixed_pairs` and `unseen_levels` are parts of pair_trends and column_shapes
  sdmetrics: {
    score: 'no weighted total is reported',
    properties: 'as score: their means leave out pairs whose real association is weak, ours take all',
    RangeCoverage: 'not reported',
    BoundaryAdherence: 'not reported',
    MissingValueSimilarity: 'not reported',
    StatisticSimilarity_mean: 'not reported',
    CategoryCoverage: 'not reported',
    CategoryAdherence: 'not reported',
    mixed_pairs: 'the report bins each table by its own edges, and its greatest value apart; ours bins both by the real range',
    unseen_levels: 'SDMetrics adds 1e-6 to the counts of levels that the real column lacks; checked to 1e-6 instead',
  },
  specfun: {
    log_sigmoid: 'no float64 form is needed: losses work on float32 logits in the core',
    softplus: 'as log_sigmoid',
    tanh: 'float32 only, for the numbers of CTGAN and TVAE',
    gelu_erf: 'no method built so far uses it',
    sin: 'float32 only, for Box–Muller and time embeddings (arguments 0 … 2π and small integers)',
    cos: 'as sin',
    sum_hard: 'no exact summation is offered; reductions use a fixed order in float64',
    variance_offset: 'as sum_hard',
  },
  // Ours is Philox4x32-10, which numpy does not have; its published vectors are in assembly/random.test.ts.
  prng: {
    PCG64: 'another generator: 128-bit linear congruential',
    PCG64DXSM: 'another generator: 128-bit linear congruential',
    Philox4x64: 'the 64-bit member of the family; WebAssembly SIMD and GPUs multiply 32 bits',
    'Philox4x64-10 explicit key/counter (numpy increments counter BEFORE first block)': 'as Philox4x64',
    SFC64: 'another generator: chaotic, not counter-based',
    'MT19937 init_genrand(seed)': 'another generator: 2.5 kB of state, not counter-based',
  },
  // kinds, and `bh`, a field of holm
  privacy_fairness_stats: {
    equalized_odds_ratio_worst: 'not reported: the difference is',
    equal_opportunity_difference: 'a part of the equalised odds difference',
    wilcoxon_paired: 'splits share training rows: the corrected resampled t-test allows for that, a rank test does not',
    mcnemar_exact: 'for one test part; the study has several splits',
    delong: 'as mcnemar_exact',
    bh: 'verdicts adjust by Holm',
  },
  smote: {
    tomek_enn: 'no cleaning method is built',
  },
  nn: {
    'op gelu_erf': 'the denoiser uses relu or silu',
    'op softplus': 'as gelu_erf',
    'op layernorm': 'the denoiser has no normalisation layers',
    bce_logits: 'no network ends in a logit of two classes: the critic has a Wasserstein score',
    clip_grad_norm: 'training does not clip gradients',
  },
  'hostile/index': {},
  transforms: {
    minmax_scaler: 'no method scales to a range: networks get quantile-normal numbers, metrics standardised ones',
    robust_scaler: 'as minmax_scaler',
  },
  trees: {
    'criterion entropy': 'forests use the Gini impurity alone, as the study does',
    'several classes': 'synthward tells two classes apart: the rare one and the rest',
    'reg:squarederror': 'boosting has the logistic loss alone; models of xgboost with this objective are read all the same',
    'multi:softprob': 'as several classes',
  },
};
