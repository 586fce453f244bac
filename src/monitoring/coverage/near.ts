const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
/** Of a name that is looked up, and of a container, after whom is asked for it. */
const ASKED_AT = / at (?<server>\S+)$/;
/** Whoever is asked is then chosen by this machine, and may be anywhere, whatever the name. */
const LOOKED_UP = /^[^\s:]+\.[^\s:]+ [A-Z]+$/;
const HERE = /\bthis machine\b/;
const FILE = /^\.{0,2}\//;
const OWN_SUFFIXES = ['.local', '.localhost', '.internal', '.lan', '.home.arpa'];

/**
 * Whether a target is reached without the internet: this machine, a private address, a file, or a name without a
 * dot as containers have. That the internet is gone does not explain why such a target fails.
 */
export function isNear(target: string): boolean {
  const asked = ASKED_AT.exec(target)?.groups?.['server'] ?? target;
  if (FILE.test(asked) || HERE.test(asked)) return true;
  return !LOOKED_UP.test(asked) && isNearHost(hostOf(asked).toLowerCase());
}

function isNearHost(host: string): boolean {
  if (host.includes(':')) return host === '::1' || /^f[cd]|^fe80/.test(host);
  if (IPV4.test(host)) return isPrivate(host);
  return !host.includes('.') || OWN_SUFFIXES.some((suffix) => host.endsWith(suffix));
}

/** Written as an address or as `host:port/path`, of several the first; what is asked there may stand behind a space. */
function hostOf(target: string): string {
  const [place = ''] = target.split(/[ ,]/, 1);
  const text = place.includes('://') ? place : `x://${place}`;
  return (URL.parse(text)?.hostname ?? place).replaceAll(/^\[|\]$/g, '');
}

function isPrivate(address: string): boolean {
  const [first = 0, second = 0] = address.split('.').map(Number);
  if (first === 172) return second >= 16 && second <= 31;
  return first === 10 || first === 127 || (first === 192 && second === 168) || (first === 169 && second === 254);
}
