/** The methods whose models are kept in files. TabDDPM's codec is at hand, the others are loaded when a file of their method is opened. */
import { type Opener, opener } from './opener.js';
import { tabddpmCodec } from './tabddpm-codec.js';

const others = () => import('./other-codecs.js');

export const OPENERS: Readonly<Record<string, Opener>> = {
  tabddpm: opener(async () => tabddpmCodec),
  'tabddpm-joint': opener(async () => (await others()).jointCodec),
  'tabddpm-partial': opener(async () => (await others()).partialCodec),
  ctgan: opener(async () => (await others()).ctganCodec),
  tvae: opener(async () => (await others()).tvaeCodec),
  copula: opener(async () => (await others()).copulaCodec),
  rose: opener(async () => (await others()).roseCodec),
  smote: opener(async () => (await others()).smoteCodec),
  borderline: opener(async () => (await others()).borderlineCodec),
  adasyn: opener(async () => (await others()).adasynCodec),
  forestflow: opener(async () => (await others()).forestflowCodec),
  random: opener(async () => (await others()).randomCodec),
};
