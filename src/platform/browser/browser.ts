import type { Browser } from '../../kernel/browser.ts';
import { errors } from './errors.ts';

export function createBrowser(): Browser {
  return { visit: () => Promise.reject(errors.BROWSER_MISSING({})) };
}
