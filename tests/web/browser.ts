/** The built page in headless Chromium, as a visitor has it; every request is watched. */
import { execFileSync } from 'node:child_process';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type Serving, servePage } from '../../ts/node/serve.js';

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

export interface Visit {
  readonly address: string;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Requests to anywhere but the page's own origin, and what the page complained of. */
  readonly outside: string[];
  readonly complaints: string[];
  /** Ends the server alone: the visitor has lost the connection. */
  disconnect(): void;
  close(): Promise<void>;
}

let browser: Promise<Browser> | undefined;

/** The browser, started once. */
export function launched(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim(), args: FLAGS });
  return browser;
}

export async function visit(path = '', options: Parameters<Browser['newContext']>[0] = {}): Promise<Visit> {
  const serving: Serving = await servePage(0);
  const context = await (await launched()).newContext({ acceptDownloads: true, ...options });
  const [outside, complaints]: [string[], string[]] = [[], []];
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(serving.address) && !/^(data|blob):/.test(url)) outside.push(url);
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(`${serving.address}${path}`);
  const close = async () => {
    await context.close();
    serving.close();
  };
  return { address: serving.address, context, page, outside, complaints, disconnect: () => serving.close(), close };
}

/** What axe finds that keeps people out. */
export const seriousFindings = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
};

/** Ends the browser, after the last visit. */
export async function leave(): Promise<void> {
  await (await browser)?.close();
}
