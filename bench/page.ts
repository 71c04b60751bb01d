/** What reading a large file takes in the built page, in headless Chromium. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { hasChromium } from '../tests/gpu/chromium.js';
import { launched, leave, visit } from '../tests/web/browser.js';
import { labText } from '../ts/bench/labs.js';
import { type BenchItem, line, notRun } from '../ts/bench/line.js';
import { isBuilt, NEEDS_BUILD, withFolder } from './command.js';

/** 30 columns, 491 MB. */
const ROWS = 2_400_000;

export const pageRead: BenchItem = {
  name: 'page-read',
  run: async () => {
    if (!isBuilt()) return [notRun('page-read', 'MB', NEEDS_BUILD)];
    if (!hasChromium()) return [notRun('page-read', 'MB', 'Chromium')];
    return withFolder(async (folder) => {
      const path = join(folder, 'labs.csv');
      const handle = openSync(path, 'w');
      for (const piece of labText(ROWS)) writeSync(handle, piece);
      closeSync(handle);
      const { peakMB, cpuSeconds } = await reading(path);
      return [line('page-read', peakMB, 'MB'), line('page-read, CPU time', cpuSeconds, 's')];
    });
  },
};

/** Of the page's renderer, the largest there is: the browser keeps an empty one. */
async function reading(path: string): Promise<{ peakMB: number; cpuSeconds: number }> {
  const { page, close } = await visit();
  try {
    await page.setInputFiles('#file', path);
    await page.waitForSelector('#columns:not([hidden])', { timeout: 300_000 });
    const session = await (await launched()).newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    const peaks = renderers.map(({ id, cpuTime }) => {
      const kB = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
      return { peakMB: Number(kB) / 1000, cpuSeconds: cpuTime };
    });
    return peaks.reduce((most, one) => (one.peakMB > most.peakMB ? one : most));
  } finally {
    await close();
    await leave();
  }
}
