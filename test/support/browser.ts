import { type Browser, chromium } from 'playwright-core';
import { requireProgram } from './servers/install.ts';

const CHROMIUM = { name: 'chromium', packages: ['chromium', 'fonts-inter', 'fonts-noto-core'] } as const;

/** Nothing in the background: the browser of a test talks to that test's server only. */
const QUIET = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--font-render-hinting=none',
];

/** Debian's Chromium without a window. The caller closes it. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: requireProgram(CHROMIUM), headless: true, args: QUIET });
}
