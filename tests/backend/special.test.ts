/** The float64 scalar functions against golden specfun.json (mpmath) and against identities. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simd } from '../../build/core.js';
import type { SpecialOps } from '../../ts/backend/ops-special.js';
import { loadCore } from '../../ts/backend/wasm.js';
import { specialOps } from '../../ts/backend/wasm-special.js';
import { close } from '../close.js';
import { golden } from '../golden.js';
import { ulps64 } from '../ulp.js';
import { unclaimed } from '../unclaimed.js';

const test = suite('backend/special');
const special = specialOps(await loadCore(simd, 'simd'));
const EPS = 2 ** -52;

/** Cases that the network operations claim (tests/backend/network.test.ts). */
const ELSEWHERE = ['silu', 'logsumexp_softmax'];

/** The tolerance of the golden file: 4 ulp, looser where the function's zero or the argument's rounding decides. */
function check(name: string, x: number, y: number): void {
  const got = special[name as 'exp'](x);
  if (name === 'ndtri') {
    close(got, y, { rel: 1e-13, abs: 1e-15 }, `ndtri(${x})`);
    return;
  }
  const slack = name === 'lgamma' || name === 'digamma' ? 1e-15 : 0; // both have zeros
  if (Math.abs(got - y) <= slack) return;
  assert.ok(ulps64(got, y) <= 4, `${name}(${x}): expected ${y}, got ${got}`);
}

test('golden specfun: every case is tested or listed as not claimed', () => {
  let tested = 0;
  for (const c of golden('specfun')) {
    if (c.fn in unclaimed.specfun! || ELSEWHERE.includes(c.fn)) continue;
    assert.type(special[c.fn as keyof SpecialOps], 'function', `specfun ${c.fn} is neither implemented nor listed`);
    c.x.forEach((x: number, i: number) => {
      check(c.fn, x, c.y[i]);
      tested++;
    });
  }
  assert.ok(tested > 0);
});

/** Two-sided p of t with df degrees of freedom: regularised incomplete beta in 40 digits (mpmath 1.3). */
const STUDENT: readonly (readonly [number, number, number])[] = [
  [1, 1, 0.5],
  [0.5, 9, 0.6290712998260265],
  [2.262157162798205, 9, 0.05000000000000005],
  [-3.2, 4.5, 0.027844679431742864],
  [8, 30, 6.265822475700759e-9],
  [1.96, 1e7, 0.04999581802531419],
  [40, 2, 0.0006244146721847406],
  [0, 5, 1],
  [12, 20000, 4.61503765837368e-33],
  [1e-8, 3, 0.999999992648948],
];

test('studentT', () => {
  for (const [t, df, p] of STUDENT) close(special.studentT(t, df), p, { rel: 1e-11 }, `studentT(${t}, ${df})`);
  close(special.studentT(1.5, Number.POSITIVE_INFINITY), 2 * special.ndtr(-1.5), {}, 'infinite df');
});

test('identities: ndtr and ndtri invert each other, recurrences of lgamma and digamma, erf + erfc = 1', () => {
  for (let x = -7.9; x < 5; x += 0.37) close(special.ndtri(special.ndtr(x)), x, { rel: 1e-13, abs: 1e-10 }, `ndtri(ndtr(${x}))`);
  for (let x = -4.37; x < 40; x += 0.61) {
    close(special.erf(x) + special.erfc(x), 1, { abs: 2 * EPS }, `erf + erfc at ${x}`);
    const left = special.lgamma(x + 1);
    close(left, special.lgamma(x) + special.log(Math.abs(x)), { abs: 64 * EPS, rel: 16 * EPS }, `lgamma at ${x}`);
    close(special.digamma(x + 1), special.digamma(x) + 1 / x, { abs: 256 * EPS, rel: 32 * EPS }, `digamma at ${x}`);
  }
});

test('edges', () => {
  const inf = Number.POSITIVE_INFINITY;
  const nan = Number.NaN;
  const at = (name: keyof SpecialOps, ...x: number[]) => x.map((v) => (special[name] as (x: number) => number)(v));
  assert.equal(at('exp', inf, -inf, nan, 710, -746), [inf, 0, nan, inf, 0]);
  assert.equal(at('log', 0, -1, inf, nan), [-inf, nan, inf, nan]);
  assert.equal(at('sigmoid', inf, -inf, nan, 0), [1, 0, nan, 0.5]);
  assert.equal(at('erf', inf, -inf, nan), [1, -1, nan]);
  assert.equal(at('erfc', inf, -inf, nan), [0, 2, nan]);
  assert.equal(at('ndtr', inf, -inf, nan, 0), [1, 0, nan, 0.5]);
  assert.equal(at('ndtri', 0, 1, -0.1, 1.1, nan, 0.5), [-inf, inf, nan, nan, nan, 0]);
  assert.equal(at('lgamma', 0, -3, inf, nan, 1, 2), [inf, inf, inf, nan, 0, 0]);
  assert.equal(at('digamma', 0, -2, nan), [nan, nan, nan]);
  assert.equal([special.studentT(nan, 3), special.studentT(1, 0), special.studentT(inf, 3)], [nan, nan, 0]);
});

test.run();
