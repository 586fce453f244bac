import type { Page, Request, Response } from 'playwright-core';
import type { PageProblem, PageVisit } from '../../kernel/browser.ts';
import type { Clock } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';

const LOOK_EVERY_MS = 100;

export interface Arrival {
  readonly problem: PageProblem | null;
  /** Of the document, the last one where it was led on. */
  readonly response: Response | undefined;
  /** The document's address that could not be reached. */
  readonly unreached: string | undefined;
  readonly loadMs: number | null;
}

interface Waiting {
  readonly clock: Clock;
  readonly ended: AbortSignal;
}

/** Goes to the page and waits, for as long as the visit has patience. */
export async function arrive(page: Page, visit: PageVisit, { clock, ended }: Waiting): Promise<Arrival> {
  const documents = documentsOf(page);
  const startedAt = clock.ticks();
  let loadMs: number | null = null;
  const crash = new Promise<PageProblem>((resolve) => page.once('crash', () => resolve({ kind: 'crash' })));
  const patience = clock.sleep(visit.patienceMs, ended).then(
    (): PageProblem => ({ kind: 'slow' }),
    (): PageProblem => ({ kind: 'slow' }),
  );
  const problem = await Promise.race([come(), crash, patience]);
  const { response, unreached } = documents();
  return {
    problem: problem?.kind === 'slow' && loadMs !== null ? missing(visit) : problem,
    response,
    unreached,
    loadMs,
  };

  async function come(): Promise<PageProblem | null> {
    const refusal = await load(page, visit.url);
    if (refusal !== null && !(isEmptyAnswer(refusal) && documents().response !== undefined)) return refusal;
    loadMs = clock.ticks() - startedAt;
    return untilThere(page, visit, { clock, ended });
  }
}

/** What the browser asks for in place of the page, and not for one of its parts. */
function documentsOf(page: Page): () => Pick<Arrival, 'response' | 'unreached'> {
  let response: Response | undefined;
  let unreached: string | undefined;
  const isDocument = (request: Request) => request.isNavigationRequest() && request.frame() === page.mainFrame();
  page.on('response', (one) => {
    if (isDocument(one.request())) response = one;
  });
  page.on('requestfailed', (request) => {
    if (isDocument(request)) unreached = request.url();
  });
  return () => ({ response, unreached });
}

async function load(page: Page, url: string): Promise<PageProblem | null> {
  try {
    await page.goto(url, { waitUntil: 'load', timeout: 0 });
    return null;
  } catch (error) {
    const said = messageOf(error);
    if (said.includes('Download is starting')) return { kind: 'download' };
    const [, code] = /net::(?<code>ERR_[A-Z0-9_]+)/.exec(said) ?? [];
    if (code === undefined) throw error;
    return { kind: 'browser', code };
  }
}

/** A status of 400 and more without a body: the browser shows a page of its own, and the status says it all. */
function isEmptyAnswer(problem: PageProblem): boolean {
  return problem.kind === 'browser' && problem.code === 'ERR_HTTP_RESPONSE_CODE_FAILURE';
}

async function untilThere(page: Page, { until }: PageVisit, { clock, ended }: Waiting): Promise<PageProblem | null> {
  for (;;) {
    const there = await isThere(page, until);
    if (there === 'invalid') return { kind: 'selector invalid' };
    if (there) return null;
    await clock.sleep(LOOK_EVERY_MS, ended);
  }
}

async function isThere(page: Page, { text, selector }: PageVisit['until']): Promise<boolean | 'invalid'> {
  try {
    const hasText = text === undefined || (await page.evaluate(lookFor(text))) === true;
    return hasText && (selector === undefined || (await page.locator(`css=${selector}`).first().isVisible()));
  } catch (error) {
    if (/not a valid selector|while parsing css selector|Unexpected token/i.test(messageOf(error))) return 'invalid';
    // It is on its way to another page, mostly; the next look finds it there.
    if (page.isClosed()) throw error;
    return false;
  }
}

/** Runs in the page: its text may be longer than we can hold, and is looked through again and again. */
function lookFor(text: string): string {
  const wanted = JSON.stringify(text.replaceAll(/\s+/g, ' ').trim());
  return `(document.body ? document.body.innerText : "").replaceAll(/\\s+/g, " ").includes(${wanted}) === true`;
}

function missing({ until }: PageVisit): PageProblem {
  return { kind: until.text === undefined ? 'selector missing' : 'text missing' };
}
