/** The engines that the check looks for, and how each is started. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ENGINES_FOLDER = fileURLToPath(new URL('engines', import.meta.url));

export interface Engine {
  readonly name: string;
  readonly kind: 'process' | 'browser';
  /** Null where it is not installed. */
  readonly command: string | null;
  /** What stands before the program's file, or before the page's address. */
  arguments(profile: string): readonly string[];
  /** How to get it. */
  readonly remedy: string;
}

const platform = `${process.platform}-${process.arch}`;
const denoPlatform = process.platform === 'linux' ? `${platform}-glibc` : platform;
const bunPlatform = `${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`;
const INSTALL = 'npm ci --ignore-scripts in tests/conformance/engines';

const installed = (...path: string[]): string | null => {
  const file = join(ENGINES_FOLDER, 'node_modules', ...path);
  return existsSync(file) ? file : null;
};

function onPath(...names: string[]): string | null {
  for (const name of names) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {}
  }
  return null;
}

const none = () => [];

/** Chromium without a display and without calls home. */
const CHROMIUM = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

export const engines: readonly Engine[] = [
  { name: 'node', kind: 'process', command: process.execPath, arguments: none, remedy: '' },
  { name: 'node 22', kind: 'process', command: installed('n22', 'bin', 'node'), arguments: none, remedy: INSTALL },
  { name: 'node 24', kind: 'process', command: installed('n24', 'bin', 'node'), arguments: none, remedy: INSTALL },
  {
    name: 'deno',
    kind: 'process',
    command: installed('@deno', denoPlatform, 'deno'),
    arguments: () => ['run', '--quiet', '--no-prompt', '--no-remote', '--allow-read', '--allow-env'],
    remedy: INSTALL,
  },
  { name: 'bun', kind: 'process', command: installed('@oven', `bun-${bunPlatform}`, 'bin', 'bun'), arguments: none, remedy: INSTALL },
  {
    name: 'chromium',
    kind: 'browser',
    command: onPath('chromium', 'chromium-browser', 'google-chrome'),
    arguments: (profile) => [...CHROMIUM, `--user-data-dir=${profile}`],
    remedy: 'the package chromium',
  },
  {
    name: 'firefox',
    kind: 'browser',
    command: onPath('firefox-esr', 'firefox'),
    arguments: (profile) => ['--headless', '--no-remote', '--profile', profile],
    remedy: 'the package firefox-esr',
  },
];
