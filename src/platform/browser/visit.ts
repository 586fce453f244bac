import type { BrowserContext, Browser as Chromium, Page, Response } from 'playwright-core';
import type { PageSeen, PageVisit } from '../../kernel/browser.ts';
import type { Clock } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import { arrive } from './arrival.ts';
import { openDoor } from './door.ts';
import { errors } from './errors.ts';
import { sendHeaders } from './own-headers.ts';
import { scriptErrorsOf } from './script-errors.ts';
import type { Relay } from './socks-relay.ts';
import { untilAborted } from './until-aborted.ts';

const TEXT_CHARS_MAX = 1024 * 1024;
const TITLE_CHARS_MAX = 300;
const PICTURE_BYTES_MAX = 2 * 1024 * 1024;
/** For a last look and a picture there is as much time as is left, and never less than this. */
const LAST_LOOK_MS = 300;
const PICTURE_MS = 700;

interface VisitDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** See `Browser.visit`. The visitor forgets everything with the end of the visit. */
export async function visitPage(chromium: Chromium, visit: PageVisit, { clock, signal }: VisitDeps): Promise<PageSeen> {
  const ending = new AbortController();
  const ended = AbortSignal.any([signal, ending.signal]);
  const relay = await openDoor(visit.url, { clock, signal: ended });
  let context: BrowserContext | undefined;
  try {
    context = await untilAborted(newContext(chromium, visit, relay), signal);
    return await untilAborted(look(context, visit, { relay, clock, ended }), signal);
  } catch (error) {
    signal.throwIfAborted();
    if (/has been closed|crashed/.test(messageOf(error))) {
      throw errors.BROWSER_UNUSABLE({ cause: 'it ended in the middle of a visit' }, { cause: error });
    }
    throw error;
  } finally {
    // A page that hangs may take its time to go; nobody waits for it.
    void context?.close().catch(() => undefined);
    ending.abort();
    relay.close();
  }
}

function newContext(chromium: Chromium, { width, height, verifyTls }: PageVisit, relay: Relay) {
  return chromium.newContext({
    viewport: { width, height },
    ignoreHTTPSErrors: !verifyTls,
    acceptDownloads: false,
    serviceWorkers: 'block',
    proxy: { server: `socks5://127.0.0.1:${relay.port}` },
  });
}

interface Looking {
  readonly relay: Relay;
  readonly clock: Clock;
  readonly ended: AbortSignal;
}

async function look(context: BrowserContext, visit: PageVisit, { relay, clock, ended }: Looking): Promise<PageSeen> {
  const page = await context.newPage();
  context.on('page', (other) => void other.close().catch(() => undefined));
  const scriptErrors = scriptErrorsOf(page);
  if (visit.headers !== undefined) await sendHeaders(page, visit.url, visit.headers);
  const startedAt = clock.ticks();
  const { problem, response, unreached, loadMs } = await arrive(page, visit, { clock, ended });
  const totalMs = clock.ticks() - startedAt;
  if (unreached !== undefined) throwFailureOf(unreached, relay);
  const timings = { firstByteMs: firstByteOf(response), loadMs, totalMs };
  // Before a document comes there is nothing to be seen.
  if (response === undefined) return { ...NOTHING, status: null, problem, scriptErrors: scriptErrors(), timings };

  const leftMs = visit.patienceMs - totalMs;
  const last = await lastLook(page, clock.sleep(Math.max(LAST_LOOK_MS, leftMs), ended));
  const seen = {
    ...(last ?? NOTHING),
    status: response.status(),
    // A page that says nothing any more hangs.
    problem: problem ?? (last === undefined ? SLOW : null),
    scriptErrors: scriptErrors(),
    timings,
  };
  const picture = visit.isWorthAPicture(seen)
    ? await pictureOf(page, clock.sleep(Math.max(PICTURE_MS, leftMs), ended))
    : undefined;
  return { ...seen, ...(picture !== undefined && { picture }) };
}

/** The browser only knows that the relay did not get there; the relay knows why. */
function throwFailureOf(url: string, relay: Relay): void {
  const { protocol, hostname, port } = new URL(url);
  const failure = relay.failureOf(hostname, port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port));
  if (failure instanceof Error) throw failure;
}

/** Undefined when it does not answer. */
async function lastLook(page: Page, tooLate: Promise<void>): Promise<Pick<PageSeen, 'title' | 'text'> | undefined> {
  const title = page.evaluate(readUpTo('document.title', TITLE_CHARS_MAX));
  const text = page.evaluate(readUpTo(TEXT, TEXT_CHARS_MAX));
  return Promise.race([
    Promise.all([title, text]).then((said) => ({ title: String(said[0]), text: String(said[1]) })),
    tooLate.then(() => undefined),
  ]).catch(() => undefined);
}

const TEXT = 'document.body ? document.body.innerText : ""';
const NOTHING = { title: '', text: '' };
const SLOW = { kind: 'slow' } as const;

/** Runs in the page. */
function readUpTo(what: string, charsMax: number): string {
  return `String(${what}).slice(0, ${charsMax})`;
}

/** Milliseconds from the beginning of the request; Playwright says -1 where it does not know. */
function firstByteOf(response: Response | undefined): number | null {
  const at = response?.request().timing().responseStart ?? -1;
  return at < 0 ? null : at;
}

async function pictureOf(page: Page, tooLate: Promise<void>): Promise<Uint8Array | undefined> {
  const taken = page.screenshot({ type: 'png', scale: 'css', animations: 'disabled', timeout: 0 });
  const picture = await Promise.race([taken, tooLate.then(() => undefined)]).catch(() => undefined);
  return picture === undefined || picture.length > PICTURE_BYTES_MAX ? undefined : new Uint8Array(picture);
}
