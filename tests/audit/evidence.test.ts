/** Evidence by itself: what a page shows of hostile names, and readers that meet anything. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkEvidence, evidenceText, sha256 } from '../../ts/audit/evidence.js';
import { InputError } from '../../ts/errors.js';
import { content, evidence, page } from './hostile-run.js';

const test = suite('evidence');
const text = evidenceText(evidence);
const read = (name: string) => (name === 'evidence.html' ? new TextEncoder().encode(page) : content);

test('the checksum is that of the standard', async () => {
  assert.is(await sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('what it says is read again; a name cannot run', async () => {
  assert.equal(await checkEvidence(text, 'e.json', read), evidence);
  assert.not.match(page, /<img|<script/);
  assert.match(page, /&lt;img src=x/);
  assert.match(page, /the rows are simulated, not patients/);
});

test('any flipped bit of the text or of a file that it names is noticed', async () => {
  const holds = async (made: string, name: string, bytes: Uint8Array) => {
    try {
      await checkEvidence(made, 'e.json', (file) => (file === name ? bytes : read(file)));
    } catch (error) {
      assert.instance(error, InputError);
      return false;
    }
    return true;
  };
  assert.ok(await holds(text, '', content));
  for (const name of ['in.csv', 'out.csv', 'evidence.html']) {
    const whole = read(name);
    for (let at = 0; at < whole.length; at += name === 'evidence.html' ? 37 : 1) {
      const other = whole.slice();
      other[at]! ^= 1 << (at & 7);
      assert.not.ok(await holds(text, name, other), `${name}, byte ${at}`);
    }
  }
  const own = new TextEncoder().encode(text);
  for (let at = 0; at < own.length; at += 7) {
    const other = own.slice();
    other[at]! ^= 1 << (at % 7);
    assert.not.ok(await holds(new TextDecoder().decode(other), '', content), `the text, byte ${at}`);
  }
});

test('500 files that are nearly evidence are refused, nothing else', async () => {
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const copy = JSON.parse(text);
  const walk = (holder: Record<string, unknown>) => {
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      if (typeof holder[key] === 'object' && holder[key] !== null) walk(holder[key] as Record<string, unknown>);
    }
  };
  walk(copy);
  const refused = async (made: string) => {
    if (made === text) return;
    try {
      await checkEvidence(made, 'e.json', read);
    } catch (error) {
      assert.instance(error, InputError);
      assert.match((error as Error).message, /e\.json/);
      return;
    }
    throw new Error(`accepted: ${made.slice(0, 200)}`);
  };
  const odd = fc.oneof(fc.constantFrom<unknown>(undefined, null, 0, '', [], {}), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(fc.nat(places.length - 1), odd, async (at, value) => {
      const { holder, key } = places[at]!;
      const before = holder[key];
      holder[key] = value;
      const made = `${JSON.stringify(copy, null, 1)}\n`;
      holder[key] = before;
      await refused(made);
    }),
    { numRuns: 300, seed: 1 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.string({ maxLength: 2 }), async (at, insert) => {
      await refused(text.slice(0, at) + insert + text.slice(at + 1));
    }),
    { numRuns: 200, seed: 2 },
  );
});

test.run();
