import type { Clock } from '../../kernel/clock.ts';
import { type Status, summaryOf } from '../../status/index.ts';
import { renderPage } from './page.ts';
import type { Site } from './snapshots.ts';

export interface SiteDeps {
  readonly status: Status;
  readonly clock: Clock;
}

/** Everything the public can get, in every language, from one look at the facts. */
export function createSite({ status, clock }: SiteDeps): () => Promise<Site> {
  return async () => {
    const view = await status.view();
    const now = clock.now();
    return {
      pages: new Map(view.languages.map((language) => [language, renderPage(view, language, now)])),
      summary: `${JSON.stringify(summaryOf(view), null, 2)}\n`,
    };
  };
}
