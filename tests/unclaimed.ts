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
  // Ours is Philox4x32-10, which numpy does not have; its published vectors are in assembly/random.test.ts.
  prng: {
    PCG64: 'another generator: 128-bit linear congruential',
    PCG64DXSM: 'another generator: 128-bit linear congruential',
    Philox4x64: 'the 64-bit member of the family; WebAssembly SIMD and GPUs multiply 32 bits',
    'Philox4x64-10 explicit key/counter (numpy increments counter BEFORE first block)': 'as Philox4x64',
    SFC64: 'another generator: chaotic, not counter-based',
    'MT19937 init_genrand(seed)': 'another generator: 2.5 kB of state, not counter-based',
  },
  smote: {
    borderline: 'Borderline-SMOTE is not built',
    adasyn: 'ADASYN is not built',
    tomek_enn: 'no cleaning method is built',
  },
  diffusion: {
    dpm_solver_pp_2m: 'the DPM-Solver++ sampler is not part of this version',
  },
  nn: {
    wgan_gp_pac: 'no adversarial method is built',
    ctgan_generator_block: 'no adversarial method is built',
    batchnorm_eval: 'batch normalisation belongs to the adversarial methods',
    tvae_loss: 'no autoencoder is built',
    'op leaky_relu_0.2': 'belongs to the adversarial methods',
    'op gelu_erf': 'the denoiser uses relu or silu',
    'op softplus': 'as gelu_erf',
    'op layernorm': 'the denoiser has no normalisation layers',
    bce_logits: 'no network ends in a single logit; softmax cross-entropy is offered',
    clip_grad_norm: 'training does not clip gradients',
  },
};
