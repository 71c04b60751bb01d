/** The codecs of all methods but TabDDPM, together: each alone would be a file of its own to load. */
export { adasynCodec } from './adasyn.js';
export { borderlineCodec } from './borderline.js';
export { jointCodec, partialCodec } from './conditional-codec.js';
export { copulaCodec } from './copula-codec.js';
export { ctganCodec } from './ctgan-codec.js';
export { forestflowCodec } from './forestflow-codec.js';
export { randomCodec } from './random.js';
export { roseCodec } from './rose.js';
export { smoteCodec } from './smote.js';
export { tvaeCodec } from './tvae-codec.js';
