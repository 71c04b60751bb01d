/** Golden cases that this project does not claim, file by file, with the reason. Everything else in a file must be tested. */
export const unclaimed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  specfun: {
    log_sigmoid: 'no float64 form is needed: losses work on float32 logits in the core',
    softplus: 'as log_sigmoid',
    tanh: 'no method built so far uses it',
    gelu_erf: 'no method built so far uses it',
    sin: 'float32 only, for Box–Muller and time embeddings (arguments 0 … 2π and small integers)',
    cos: 'as sin',
    sum_hard: 'no exact summation is offered; reductions use a fixed order in float64',
    variance_offset: 'as sum_hard',
  },
};
