/** What the module exports, and nothing else. Pointers are byte addresses, sizes are counts of elements. */
export { alloc, mark, release } from "./lib/arena";

// Network: products, activations, losses, optimiser.
export { gemm } from "./gemm";
export { linear, linearBackward } from "./linear";
export { activation, activationBackward } from "./activation";
export { mse, softmax, softmaxCrossEntropy } from "./loss";
export { adamw } from "./adam";
export { batchNorm, batchNormBackward, batchNormEval } from "./norm";
export { gatherRows, addRows, addRowsBackward, placeColumns, takeColumns } from "./rows";
export { add, addScaled, clamp, dropoutMask, fill, expEach, logEach, multiply } from "./elementwise";

// Mixed rows made by networks: heads, and the losses of CTGAN and TVAE.
export { conditionLoss, gumbelEach, headsBackward, headsForward, latentBackward, reconstructionLoss, reparameterise } from "./heads";
export { gradientPenalty, mixRows } from "./penalty";

// Random numbers.
export { randomBelow, randomCategorical, randomNormal, randomPermutation, randomUniform, randomWords } from "./random";

// Diffusion steps, Gaussian and multinomial.
export { diffusionInput, diffusionProcess, diffusionProcessBytes } from "./diffusion";
export { scheduleCosine, scheduleCumulate, scheduleLinear, timeEmbedding } from "./schedule";
export { gaussianCoefficients, gaussianLoss, gaussianNoise, gaussianStep } from "./gaussian";
export { multinomialForward, multinomialNoise, multinomialPosterior, multinomialStart, multinomialStep } from "./multinomial";
export { multinomialLoss, multinomialPrior } from "./multinomial-loss";

// Distances, neighbours, kernel sums.
export { columnMeans, packRows } from "./distance";
export { medianDistance, medianScratch } from "./median-distance";
export { neighbours } from "./neighbours";
export { rbfSums } from "./mmd";
export { drawBases, drawEnds, interpolate, snap } from "./segment";

// Trees: bins, histograms, growth, prediction.
export { binFeatures, binScratch, codeRows } from "./bins";
export { boostRound, regressionRound } from "./boosting";
export { forestScratch, forestTree } from "./forest";
export { baseMargin, meanTarget, squaredError } from "./gradients";
export { clearHistogram, exactUnit, histogram, subtractHistogram } from "./histogram";
export { boostScratch } from "./round";
export { leafWeight, splitGain } from "./split";
export { packTrees, predictScratch, predictTrees, treeBytes, treeLeaves } from "./tree";

// Scalar functions in float64.
export { exp, log, expm1, log1p, sigmoid, erf, erfc, ndtr, ndtri, lgamma, digamma, studentT } from "./special";
