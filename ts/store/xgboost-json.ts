/**
 * XGBoost's JSON model of one booster of trees with a logistic objective, written and read
 * (https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html). Its reader wants floats that look like floats and counts as
 * texts; ours trusts nothing: a file can make it throw an {@link InputError}, and nothing else.
 */
import { InputError } from '../errors.js';
import { field, isObject, items, type Place, parsed, text } from './fields.js';
import type { Trees } from './trees.js';
import { count, optionalCount, readTrees, treeObject } from './xgboost-trees.js';

export interface XgboostModel {
  readonly features: number;
  /** Of the features in order; null where the file has none. */
  readonly names: readonly string[] | null;
  /** Texts that the file carries along; xgboost keeps them. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Probability where every sum starts. */
  readonly baseScore: number;
  readonly trees: Trees;
}

/** The format of this version and of later ones. */
const FORMAT = [2, 0, 0];
const MOST_FEATURES = 1_000_000;
const OBJECTIVE = 'binary:logistic';

/** `kinds` says of each feature whether it is a number or an indicator. */
export function writeXgboost(model: XgboostModel, kinds: readonly ('float' | 'i')[], positiveWeight = 1): string {
  const { features, names, attributes, baseScore, trees } = model;
  const count = trees.roots.length - 1;
  return json({
    version: FORMAT,
    learner: {
      attributes: Object.fromEntries(attributes),
      feature_names: names ?? [],
      feature_types: kinds,
      gradient_booster: {
        name: 'gbtree',
        model: {
          gbtree_model_param: { num_parallel_tree: '1', num_trees: String(count) },
          iteration_indptr: Int32Array.from({ length: count + 1 }, (_, t) => t),
          tree_info: new Int32Array(count),
          trees: Array.from({ length: count }, (_, t) => treeObject(trees, t, features)),
        },
      },
      learner_model_param: {
        base_score: String(baseScore),
        boost_from_average: '0',
        num_class: '0',
        num_feature: String(features),
        num_target: '1',
      },
      objective: { name: OBJECTIVE, reg_loss_param: { scale_pos_weight: String(positiveWeight) } },
    },
  });
}

/** JSON in which the numbers of a Float32Array are floats by their looks. */
function json(value: unknown): string {
  if (value instanceof Float32Array) return `[${Array.from(value, floatText).join(',')}]`;
  if (value instanceof Int32Array) return `[${value.join(',')}]`;
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, own]) => `${JSON.stringify(name)}:${json(own)}`)
    .join(',')}}`;
}

/** The shortest text that is this float32 again, with a point or an exponent in it. */
function floatText(x: number): string {
  if (Object.is(x, -0)) return '-0.0';
  let digits = 6;
  while (Math.fround(Number(x.toPrecision(digits))) !== x) digits++;
  const shortest = String(Number(x.toPrecision(digits)));
  return /^-?\d+$/.test(shortest) ? `${shortest}.0` : shortest;
}

/** Throws {@link InputError} for what is no such model, or one of another kind; `file` is its name in messages. */
export function readXgboost(content: string, file: string): XgboostModel {
  const learner = field(parsed(content, `${file}: model`), 'learner');
  const param = field(learner, 'learner_model_param');
  const features = count(field(param, 'num_feature'), 1, MOST_FEATURES);
  only(field(field(learner, 'objective'), 'name'), OBJECTIVE, 'a model of another objective cannot be used as one of two classes');
  const booster = field(learner, 'gradient_booster');
  only(field(booster, 'name'), 'gbtree', 'train it with that booster');
  for (const name of ['num_class', 'num_target'] as const) optionalCount(field(param, name), 1);
  return {
    features,
    names: readNames(field(learner, 'feature_names'), features),
    attributes: readAttributes(field(learner, 'attributes')),
    baseScore: readBaseScore(field(param, 'base_score')),
    trees: readTrees(field(booster, 'model'), features),
  };
}

function only(place: Place, expected: string, remedy: string): void {
  const got = text(place);
  if (got !== expected) throw new InputError(`"${place.path}" expected ${expected}, got ${got.slice(0, 40)}; ${remedy}`);
}

function readNames(place: Place, features: number): string[] | null {
  const names = place.value === undefined ? [] : items(place).map(text);
  if (names.length === 0) return null;
  if (names.length !== features) throw new InputError(`"${place.path}" expected ${features} names, got ${names.length}`);
  if (new Set(names).size !== features) throw new InputError(`"${place.path}" expected different names, got one twice`);
  return names;
}

function readAttributes(place: Place): Map<string, string> {
  if (!isObject(place.value)) return new Map();
  return new Map(Object.keys(place.value).map((name) => [name, text(field(place, name))]));
}

/** "5E-1", or "[5E-1]" since version 3.1. */
function readBaseScore(place: Place): number {
  const digits = text(place).replace(/^\[(.*)\]$/, '$1');
  const score = /^[\d.]+(e[+-]?\d+)?$/i.test(digits) ? Number(digits) : Number.NaN;
  if (score > 0 && score < 1) return score;
  throw new InputError(`"${place.path}" expected one probability between 0 and 1, got ${text(place).slice(0, 40)}`);
}
