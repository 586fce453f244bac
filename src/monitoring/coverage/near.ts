const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const ASKED_AT = /^\S+ [A-Z]+ at (?<server>\S+)$/;
const FILE = /^\.{0,2}\//;
const OWN_SUFFIXES = ['.local', '.localhost', '.internal', '.lan', '.home.arpa'];

/**
 * Whether a target is reached without the internet: this machine, a private address, a file, or a name without a
 * dot as containers have. That the internet is gone does not explain why such a target fails.
 */
export function isNear(target: string): boolean {
  if (FILE.test(target)) return true;
  const host = hostOf(target).toLowerCase();
  if (host.includes(':')) return host === '::1' || /^f[cd]|^fe80/.test(host);
  if (IPV4.test(host)) return isPrivate(host);
  return !host.includes('.') || OWN_SUFFIXES.some((suffix) => host.endsWith(suffix));
}

/** Targets are written as an address or as `host:port/path`; of a name that is looked up, after who is asked for it. */
function hostOf(target: string): string {
  const asked = ASKED_AT.exec(target)?.groups?.['server'] ?? target;
  const text = asked.includes('://') ? asked : `x://${asked}`;
  return (URL.parse(text)?.hostname ?? asked).replaceAll(/^\[|\]$/g, '');
}

function isPrivate(address: string): boolean {
  const [first = 0, second = 0] = address.split('.').map(Number);
  if (first === 172) return second >= 16 && second <= 31;
  return first === 10 || first === 127 || (first === 192 && second === 168) || (first === 169 && second === 254);
}
