import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { classifiers as studied } from '../../ts/study/classifiers.js';
import { methods } from '../../ts/study/methods.js';
import { classifiers, generators } from './registry.js';

const registry = suite('registry');

registry('the contract suites run over every generator and classifier of the study', () => {
  const makers = methods.flatMap((method) => method.generator ?? []);
  assert.ok(makers.length > 0 && studied.length > 0);
  for (const maker of makers)
    assert.ok(
      generators.some(({ generator }) => generator === maker),
      maker.name,
    );
  for (const one of studied)
    assert.ok(
      classifiers.some(({ classifier }) => classifier === one),
      one.name,
    );
});

registry.run();
