import process from 'node:process';
import { type Browser as Chromium, chromium } from 'playwright-core';
import { messageOf } from '../../kernel/errors.ts';
import type { ProgramFolder } from '../../kernel/exec.ts';
import { createExec } from '../exec/exec.ts';
import { launchOf } from '../exec/launch.ts';
import { errors } from './errors.ts';

const START_MAX_MS = 30_000;
const SHOWN_CHARS_MAX = 120;
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * No window, nothing in the background, nothing that is kept, no connection that does not go through our relay (QUIC
 * and WebRTC would find others), and for a page's scripts no more memory than most pages need.
 */
const SWITCHES = [
  '--headless',
  '--hide-scrollbars',
  '--mute-audio',
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-service-autorun',
  '--disable-background-networking',
  '--disable-breakpad',
  '--disable-client-side-phishing-detection',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-features=DialMediaRouteProvider,MediaRouter,OptimizationHints,Translate',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--js-flags=--max-old-space-size=512',
  '--metrics-recording-only',
  '--password-store=basic',
  '--remote-debugging-pipe',
];

/** A browser process with a profile of its own. */
export interface RunningBrowser {
  readonly chromium: Chromium;
  close(): Promise<void>;
}

/** `named` is a program's path; otherwise it is looked for. Rejects with `BROWSER_MISSING` or `BROWSER_UNUSABLE`. */
export async function launchBrowser(named: string | null): Promise<RunningBrowser> {
  const exec = createExec();
  const program = named ?? (await firstOf(NAMES.map((name) => exec.find(name))));
  if (program === undefined) throw errors.BROWSER_MISSING({});
  // Pages are strangers: where we are root, they are shown by somebody who may nothing.
  const folder = await exec.folder('nobody');
  try {
    return await begin(program, folder);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw errors.BROWSER_UNUSABLE({ cause: causeOf(error) }, { cause: error });
  }
}

async function begin(program: string, folder: ProgramFolder): Promise<RunningBrowser> {
  const running = await start(program, folder, []).catch(async (error: unknown) => {
    // Containers mostly forbid the name spaces that its sandbox is made of, and it has none for root: who is root and
    // has no other user to run it as, or is in a container, gets it without.
    if (!/sandbox/i.test(messageOf(error))) throw error;
    return start(program, folder, ['--no-sandbox']);
  });
  return {
    chromium: running,
    async close() {
      await running.close().catch(() => undefined);
      await folder[Symbol.asyncDispose]();
    },
  };
}

function start(program: string, { path }: ProgramFolder, more: readonly string[]): Promise<Chromium> {
  const launch = launchOf({
    program,
    args: [...SWITCHES, `--user-data-dir=${path}`, ...more],
    user: 'nobody',
    signal: new AbortController().signal,
  });
  return chromium.launch({
    executablePath: launch.file,
    ignoreDefaultArgs: true,
    args: [...launch.args],
    env: { PATH: process.env['PATH'] ?? '', HOME: path, TMPDIR: path, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    handleSIGHUP: false,
    handleSIGINT: false,
    handleSIGTERM: false,
    timeout: START_MAX_MS,
  });
}

async function firstOf(found: readonly Promise<string | undefined>[]): Promise<string | undefined> {
  return (await Promise.all(found)).find((program) => program !== undefined);
}

/** What it said of itself at its end; JSON makes the colours harmless that Playwright adds. */
function causeOf(error: unknown): string {
  const lines = messageOf(error).split('\n');
  const said = lines.find((line) => /ERROR|FATAL|error while loading|cannot|denied/.test(line)) ?? lines[0] ?? '';
  return JSON.stringify(said.trim().slice(0, SHOWN_CHARS_MAX));
}
