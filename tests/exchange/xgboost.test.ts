/** A booster as XGBoost's JSON and back: the same predictions here and in Python; files that are none are refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromXgboost } from '../../ts/classify/xgboost-codec.js';
import { InputError } from '../../ts/errors.js';
import { exportModel, openAnyClassifier } from '../../ts/exchange.js';
import { readXgboost, writeXgboost, type XgboostModel } from '../../ts/store/xgboost-json.js';
import { allClose } from '../close.js';
import { GOLDEN_DIR, golden } from '../golden.js';
import { has } from '../requirements.js';
import { backend, boosterBytes, csv, predicted, python, table, written } from './files.js';

const test = suite('XGBoost JSON');
const text = async (rounds?: number) => new TextDecoder().decode(await exportModel(await boosterBytes(rounds), 'xgboost-json', backend));
const bytesOf = (content: string) => new TextEncoder().encode(content);

for (const { file, expect } of golden('hostile/index').filter(({ file }) => file.startsWith('model_'))) {
  test(`hostile ${file}: ${expect}`, () => {
    const read = () => fromXgboost(readFileSync(join(GOLDEN_DIR, 'hostile', file), 'utf8'), backend, file);
    if (expect === 'accept' || expect.startsWith('accept_or')) {
      assert.is(read().model.features, 4);
      assert.is(({} as { polluted?: unknown }).polluted, undefined);
    } else {
      assert.throws(read, (error: Error) => error instanceof InputError && error.message.includes(file) && error.message.length < 300);
    }
  });
}

for (const c of golden('trees', 'xgb_booster')) {
  const flat = Float32Array.from(c.probe.flat());
  const cols = c.X[0].length;
  if (c.params.objective === 'binary:logistic') {
    test(`${c.name}: xgboost's own model`, async () => {
      const { fitted } = fromXgboost(c.model_json_text, backend, c.name);
      allClose(await backend.trees.predict(fitted.ensemble, flat), c.margin, { abs: 1e-5 }, c.name);
      assert.is(fitted.ensemble.features, cols);
    });
  } else {
    test(`${c.name}: ${c.params.objective} is refused`, () => {
      assert.throws(() => fromXgboost(c.model_json_text, backend, c.name), /objective\.name" expected binary:logistic, got/);
    });
  }
}

test('floats look like floats, counts are texts, and what is written is read', async () => {
  const content = await text();
  const { learner } = JSON.parse(content);
  for (const tree of learner.gradient_booster.model.trees) assert.type(tree.tree_param.num_nodes, 'string');
  for (const name of ['base_weights', 'loss_changes', 'split_conditions', 'sum_hessian']) {
    for (const [, list] of content.matchAll(new RegExp(`"${name}":\\[([^\\]]*)\\]`, 'g')))
      for (const number of (list as string).split(',')) assert.match(number, /^-?\d+(\.\d+)?(e[+-]\d+)?$/);
    assert.not.match(content, new RegExp(`"${name}":\\[[^\\]]*(?<=[\\[,])-?\\d+[,\\]]`), 'no whole number without a point');
  }
  const model = readXgboost(content, 'a.json');
  assert.equal(model.names, ['age', 'lactate', 'ward=a (below 1)', 'ward=b', 'ward=c', 'stage']);
  const write = (own: XgboostModel) => writeXgboost(own, ['float', 'float', 'i', 'i', 'i', 'float'], 3);
  const again = write(model); // with the nodes level by level
  assert.ok(write(readXgboost(again, 'a.json')) === again, 'what was read and written stays');
});

test('there and back: the same probabilities, columns and options', async () => {
  const bytes = await boosterBytes();
  const { probability } = await predicted(bytes);
  const back = openAnyClassifier(await exportModel(bytes, 'xgboost-json', backend), backend);
  allClose(await back.fitted.predict(back.encoder.features(table.data)), probability, { abs: 1e-6 }, 'probabilities');
  assert.equal([back.method, back.seed, back.target], ['xgb', 3, { column: 'died', positive: 'yes', negative: 'no' }]);
  const { options } = back.stored() as { options: Record<string, number> };
  assert.equal([options.rounds, options.positiveWeight], [20, 3]);
});

test('Python xgboost predicts the same, and its own model is read', async () => {
  if (!has('python:xgboost')) return;
  const bytes = await boosterBytes();
  const { features, probability } = await predicted(bytes);
  const model = written('ours.json', await exportModel(bytes, 'xgboost-json', backend));
  const x = written('x.bin', new Uint8Array(features.values.buffer));
  const theirs = written('theirs.json', '');
  const said = python<{ names: string[]; types: string[]; ours: number[]; sklearn: number[]; theirs: number[]; attributes: string[] }>(
    `
import xgboost
x = np.fromfile(sys.argv[2], "f4").reshape(-1, ${features.cols})
ours = xgboost.Booster()
ours.load_model(sys.argv[1])
data = xgboost.DMatrix(x, feature_names=ours.feature_names, feature_types=ours.feature_types)
estimator = xgboost.XGBClassifier()
estimator.load_model(sys.argv[1])
y = (np.nan_to_num(x[:, 0]) > np.median(x[:, 0])).astype(int)
names = ["age", "lactate", "wa", "wb", "wc", "stage"]
own = xgboost.train({"objective": "binary:logistic", "max_depth": 3, "nthread": 1}, xgboost.DMatrix(x, label=y, feature_names=names), 5)
own.save_model(sys.argv[3])
print(json.dumps({
    "names": ours.feature_names, "types": ours.feature_types, "attributes": list(ours.attributes()),
    "ours": ours.predict(data).tolist(), "sklearn": estimator.predict_proba(x)[:, 1].tolist(), "theirs": own.inplace_predict(x).tolist(),
}))`,
    [model, x, theirs],
  );
  allClose(said.ours, probability, { abs: 1e-5 }, 'xgboost on our model');
  allClose(said.sklearn, probability, { abs: 1e-5 }, 'XGBClassifier on our model');
  assert.equal(said.names.slice(0, 3), ['age', 'lactate', 'ward=a (below 1)']);
  assert.equal([said.types, said.attributes], [['float', 'float', 'i', 'i', 'i', 'float'], ['synthward']]);
  const read = openAnyClassifier(readFileSync(theirs), backend, 'theirs.json');
  allClose(await read.fitted.predict(features), said.theirs, { abs: 1e-5 }, 'our reading of their model');
  assert.equal(
    read.outline.map(({ name }) => name),
    ['age', 'lactate', 'wa', 'wb', 'wc', 'stage'],
  );
});

test('Python prepares the columns from the table by what the file says, and predicts the same', async () => {
  if (!has('python:xgboost')) return;
  const bytes = await boosterBytes();
  const { probability } = await predicted(bytes);
  const said = python<number[]>(
    `
import csv
import xgboost
booster = xgboost.Booster()
booster.load_model(sys.argv[1])
rows = list(csv.DictReader(open(sys.argv[2])))
columns = []
for feature in json.loads(booster.attr("synthward"))["features"]["columns"]:
    cells = [row[feature["column"]] for row in rows]
    if feature["kind"] == "number":
        order = feature["order"]
        number = float if order in (None, "values") else order.index
        columns.append([number(cell) if cell else np.nan for cell in cells])
        continue
    levels, mode = feature["index"]["levels"], feature["index"]["mode"]
    place = lambda cell: levels.index(cell or None) if (cell or None) in levels else mode
    columns += [[float(place(cell) == i) for cell in cells] for i in range(len(levels))]
matrix = np.array(columns, "f4").T
assert matrix.shape[1] == len(booster.feature_names)
print(json.dumps(booster.predict(xgboost.DMatrix(matrix, feature_names=booster.feature_names, feature_types=booster.feature_types)).tolist()))`,
    [written('ours.json', await exportModel(bytes, 'xgboost-json', backend)), written('cohort.csv', `${csv}\n`)],
  );
  allClose(said, probability, { abs: 1e-5 }, 'probabilities');
});

test('other formats and other models are named, with what to do', async () => {
  const says = (bytes: Uint8Array) => {
    try {
      openAnyClassifier(bytes, backend, 'a.json');
    } catch (error) {
      assert.instance(error, InputError);
      return (error as Error).message;
    }
    return 'nothing';
  };
  const content = JSON.parse(await text(2));
  const changed = (change: (model: Record<string, unknown>) => void) => {
    const copy = structuredClone(content);
    change(copy.learner);
    return says(bytesOf(JSON.stringify(copy)));
  };
  assert.match(
    says(bytesOf('{L\0\0\0\0\0\0\0\u0007learner{')),
    /binary format \(UBJSON\), which is not read; save it under a name that ends in \.json/,
  );
  assert.match(says(Uint8Array.of(0x7b, 0x22, 0xff, 1, 1, 1, 1, 1)), /it is not UTF-8/);
  assert.match(
    changed((l) => Object.assign(l, { attributes: {}, feature_names: [] })),
    /no names of its features, .*; set "feature_names" in xgboost/,
  );
  assert.match(
    changed((l) => Object.assign(l, { gradient_booster: { ...(l.gradient_booster as object), name: 'dart' } })),
    /expected gbtree, got dart; train it with that booster/,
  );
  assert.match(
    changed((l) => {
      const attributes = l.attributes as { synthward: string };
      attributes.synthward = attributes.synthward.replace('"ward"', '"word"');
    }),
    /synthward\.features\.columns" expected the columns of the model, got others/,
  );
});

test('2,000 files that are nearly models: refused, or they predict probabilities', async () => {
  const content = await text(3);
  const [model, small] = [JSON.parse(content), readFileSync(join(GOLDEN_DIR, 'hostile', 'model_ok.json'), 'utf8')];
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const walk = (holder: Record<string, unknown>) => {
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      if (typeof holder[key] === 'object' && holder[key] !== null) walk(holder[key] as Record<string, unknown>);
    }
  };
  walk(model);
  const features = openAnyClassifier(bytesOf(content), backend).encoder.features(table.data);
  const outcome = async (made: string) => {
    try {
      const opened = openAnyClassifier(bytesOf(made), backend, 'a.json');
      if (opened.encoder.spans.length !== features.spans.length) return;
      for (const p of await opened.fitted.predict(features)) assert.ok(p >= 0 && p <= 1, `${p}`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      assert.ok(error.message.length < 400, error.message);
    }
  };
  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      -1,
      0,
      1,
      2 ** 31,
      -(2 ** 31),
      1e308,
      0.5,
      '',
      '2000000000',
      '-1',
      '[5E-1]',
      [],
      {},
      [[]],
      true,
      '1e99',
      3e38,
      -3e38,
    ),
    fc.double(),
    fc.integer(),
    fc.string(),
    fc.jsonValue(),
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(places.length - 1), odd, async (at, value) => {
      const { holder, key } = places[at]!;
      const before = holder[key];
      holder[key] = value;
      const made = JSON.stringify(model);
      holder[key] = before;
      await outcome(made);
    }),
    { numRuns: 1000, seed: 1 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(small.length - 1), fc.nat(small.length), fc.string({ maxLength: 3 }), async (from, to, insert) => {
      await outcome(small.slice(0, from) + insert + small.slice(Math.max(from, Math.min(to, from + 9))));
    }),
    { numRuns: 1000, seed: 2 },
  );
});

test.run();
