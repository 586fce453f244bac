/** Under two-letter endings, what is registered often stands one level deeper: shop.co.uk, shop.com.au. */
const SHARED_SECOND_LEVELS = new Set([
  'ac',
  'co',
  'com',
  'edu',
  'gob',
  'gouv',
  'gov',
  'govt',
  'ltd',
  'ne',
  'net',
  'or',
  'org',
]);

/**
 * The domain somebody pays for, as well as it can be told without the whole list of public suffixes; undefined for
 * addresses and for names that are known in their own network only. `host` is as a URL has it.
 */
export function registrableDomain(host: string): string | undefined {
  const labels = host.replace(/\.$/, '').toLowerCase().split('.');
  const [second = '', last = ''] = labels.slice(-2);
  // No domain ends in a number (https://url.spec.whatwg.org/#ends-in-a-number-checker), nor has one a colon.
  const isAddress = /^\d*$/.test(last) || host.includes(':');
  if (isAddress || labels.includes('')) return undefined;
  const depth = last.length === 2 && SHARED_SECOND_LEVELS.has(second) ? 3 : 2;
  return labels.length < depth ? undefined : labels.slice(-depth).join('.');
}
