/** Stands for a measured system: `peers-stub.mjs NAME SECONDS HOW`. It notes its runs in turns.txt of the data's folder. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [, , name, seconds, how] = process.argv;
let folder = '';
let runs = 0;
console.log('a library that prints');
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer = { ended: true };
  if (request.do === 'prepare') {
    folder = request.folder;
    answer = how === 'missing' ? { missing: `the package ${name}` } : { ready: `${name} 1.0` };
  }
  if (request.do === 'run') {
    appendFileSync(join(folder, 'turns.txt'), `${name}\n`);
    runs++;
    if (how === 'dies' && runs === 2) {
      console.error('Error: out of memory');
      process.exit(3);
    }
    if (how === 'silent') continue;
    if (how === 'throws') answer = { error: 'TypeError: no such function' };
    else answer = { seconds: Number(seconds) * (runs === 3 ? 1 : 2), value: how === 'wrong' ? 2 : 1 };
  }
  console.log(JSON.stringify(answer));
}
