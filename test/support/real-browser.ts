import { createBrowser } from '../../src/platform/browser/browser.ts';
import { systemClock } from '../../src/platform/system-clock.ts';

/** Starts when it is first asked for; a test file that asks closes it. */
export const realBrowser = createBrowser({ clock: systemClock });
