import assert from 'node:assert/strict';
import type { Browser } from '../../src/kernel/browser.ts';

/** For checks that open no page. */
export const noBrowser: Browser = { visit: () => assert.fail('This check must not open a browser.') };
