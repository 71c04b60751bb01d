/**
 * A tree ensemble as arrays of a model file, and the check that every ensemble from outside goes through, whatever its format.
 * Dimensions: D features, M nodes of all trees.
 */
import type { TreeEnsemble } from '../backend/ops-trees.js';
import { InputError } from '../errors.js';
import { field, number, type Place } from '../store/fields.js';
import type { Arrays } from '../store/model.js';
import { tensor } from '../store/safetensors.js';
import type { StoredPart } from '../store/stored.js';
import { checkTrees, openSplits, storeSplits } from '../store/trees.js';

export function storeTrees(ensemble: TreeEnsemble): StoredPart {
  const { base, gain, cover } = ensemble;
  const grown = { 'trees.gain': tensor('F32', gain), 'trees.cover': tensor('F32', cover) };
  return { state: { base }, arrays: { ...storeSplits(ensemble), ...grown } };
}

/** The ensemble again, on D `features`. Throws {@link InputError} where the arrays are no trees of them. */
export function openTrees(place: Place, arrays: Arrays, features: number, link: TreeEnsemble['link']): TreeEnsemble {
  const splits = openSplits(arrays);
  const nodes = splits.feature.length;
  const [gain, cover] = [arrays.of('trees.gain', ['F32'], nodes), arrays.of('trees.cover', ['F32'], nodes)];
  const ensemble: TreeEnsemble = { ...splits, features, base: number(field(place, 'base')), link, gain, cover };
  checkEnsemble(ensemble, place.path);
  return ensemble;
}

/**
 * Throws {@link InputError} unless the ensemble's trees are some ({@link checkTrees}) and their sum starts at a number. A forest's values
 * are shares. `path` stands in the message.
 */
export function checkEnsemble(ensemble: TreeEnsemble, path: string): void {
  checkTrees(ensemble, path);
  const { base, link, value } = ensemble;
  const fail = (what: string): InputError => new InputError(`"${path}" expected ${what}`);
  if (!Number.isFinite(base)) throw fail(`a number to start from, got ${base}`);
  if (link !== 'mean') return;
  const outside = value.findIndex((share) => !(share >= 0 && share <= 1));
  if (outside >= 0) throw fail(`shares in 0..1, got ${value[outside]} in node ${outside}`);
}
