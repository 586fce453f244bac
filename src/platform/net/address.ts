import { isIP, isIPv4 } from 'node:net';

/** What kind of network an address belongs to. Only `global` is the internet that anybody may name. */
export type AddressRange =
  | 'global'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'metadata'
  | 'shared'
  | 'multicast'
  | 'documentation'
  | 'unspecified'
  | 'reserved';

interface Block {
  readonly prefix: bigint;
  readonly bits: bigint;
  readonly range: AddressRange;
}

const IPV4_BITS = 32n;
const IPV6_BITS = 128n;

/** IANA's special-purpose registry (RFC 6890 and its successors), the narrowest block first where two overlap. */
const IPV4_BLOCKS = blocks([
  // Where clouds hand credentials to whoever asks; Azure's is a public address that is none.
  ['169.254.169.254/32', 'metadata'],
  ['169.254.170.2/32', 'metadata'],
  ['100.100.100.200/32', 'metadata'],
  ['168.63.129.16/32', 'metadata'],
  ['192.0.0.192/32', 'metadata'],
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'documentation'],
  ['192.88.99.0/24', 'reserved'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'reserved'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
]);

const IPV6_BLOCKS = blocks([
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['fd00:ec2::254/128', 'metadata'],
  ['fd20:ce::254/128', 'metadata'],
  ['64:ff9b:1::/48', 'private'],
  ['2001::/23', 'reserved'],
  ['2001:db8::/32', 'documentation'],
  ['3fff::/20', 'documentation'],
  ['2000::/3', 'global'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'private'],
  ['ff00::/8', 'multicast'],
]);

/** IPv6 blocks that carry an IPv4 address, which is what they reach; `shift` says how far from the end it stands. */
const CARRIERS = [
  { block: block('::ffff:0:0/96', 'global'), shift: 0n },
  { block: block('64:ff9b::/96', 'global'), shift: 0n },
  { block: block('2002::/16', 'global'), shift: 80n },
];

/** The range of a literal address; what is not a literal address at all is `reserved`, and so never allowed. */
export function rangeOf(address: string): AddressRange {
  const [literal = ''] = address.split('%');
  if (isIP(literal) === 0) return 'reserved';
  const value = numberOf(literal);
  return isIPv4(literal) ? rangeOfIpv4(value) : rangeOfIpv6(value);
}

/** The address in network order: 4 or 16 bytes. It must be a literal one. */
export function bytesOf(address: string): readonly number[] {
  const [value, width] = [numberOf(address), isIPv4(address) ? IPV4_BITS : IPV6_BITS];
  return Array.from({ length: Number(width) / 8 }, (_, index) =>
    Number((value >> (width - 8n * BigInt(index + 1))) & 0xffn),
  );
}

function rangeOfIpv4(value: bigint): AddressRange {
  return IPV4_BLOCKS.find((candidate) => isIn(candidate, value, IPV4_BITS))?.range ?? 'global';
}

function rangeOfIpv6(value: bigint): AddressRange {
  const carrier = CARRIERS.find(({ block: candidate }) => isIn(candidate, value, IPV6_BITS));
  if (carrier !== undefined) return rangeOfIpv4((value >> carrier.shift) & 0xffff_ffffn);
  return IPV6_BLOCKS.find((candidate) => isIn(candidate, value, IPV6_BITS))?.range ?? 'reserved';
}

function isIn({ prefix, bits }: Block, value: bigint, width: bigint): boolean {
  return value >> (width - bits) === prefix >> (width - bits);
}

function blocks(table: readonly (readonly [string, AddressRange])[]): readonly Block[] {
  return table.map(([cidr, range]) => block(cidr, range));
}

function block(cidr: string, range: AddressRange): Block {
  const [address = '', bits = ''] = cidr.split('/');
  return { prefix: numberOf(address), bits: BigInt(bits), range };
}

function numberOf(literal: string): bigint {
  return isIPv4(literal) ? fromDigits(literal.split('.').map(BigInt), 8n) : fromDigits(groupsOf(literal), 16n);
}

/** The eight groups; `::` fills up with zeros, and a tail such as `::ffff:1.2.3.4` counts as two groups. */
function groupsOf(literal: string): readonly bigint[] {
  const [head = '', tail] = literal.split('::');
  const [left, right] = [expand(head), expand(tail ?? '')];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0n);
  return [...left, ...zeros, ...right];
}

function expand(part: string): readonly bigint[] {
  return part
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => {
      if (!group.includes('.')) return [BigInt(`0x${group}`)];
      const value = numberOf(group);
      return [value >> 16n, value & 0xffffn];
    });
}

function fromDigits(digits: readonly bigint[], bits: bigint): bigint {
  return digits.reduce((value, digit) => (value << bits) | digit, 0n);
}
