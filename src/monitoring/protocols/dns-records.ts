import { printable, readName, readText, type Window } from './dns-names.ts';

/** Numbers of IANA's register of resource record types. */
export const RECORD_TYPES = {
  A: 1,
  AAAA: 28,
  CAA: 257,
  CNAME: 5,
  MX: 15,
  NS: 2,
  PTR: 12,
  SOA: 6,
  SRV: 33,
  TXT: 16,
} as const;
export type RecordType = keyof typeof RECORD_TYPES;

/** What one record says, as in a zone file. The data begins where the window stands and goes up to `end`. */
export function readData(type: RecordType, window: Window, end: number): string {
  const text = READ[type](window, end);
  if (window.at !== end) throw new RangeError('A record is not as long as it says.');
  return text;
}

const READ: Readonly<Record<RecordType, (window: Window, end: number) => string>> = {
  A: (window) => Array.from({ length: 4 }, () => byte(window)).join('.'),
  AAAA(window) {
    const groups = Array.from({ length: 8 }, () => short(window).toString(16));
    // The shortest spelling (RFC 5952) is the one that web addresses have.
    return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
  },
  CAA(window, end) {
    const flags = byte(window);
    const tag = readText(window);
    const value = printable(window.message.subarray(window.at, end));
    window.at = Math.max(window.at, end);
    return `${flags} ${tag} "${value}"`;
  },
  CNAME: readName,
  MX: (window) => `${short(window)} ${readName(window)}`,
  NS: readName,
  PTR: readName,
  SOA: (window) => [readName(window), readName(window), ...Array.from({ length: 5 }, () => long(window))].join(' '),
  SRV: (window) => [short(window), short(window), short(window), readName(window)].join(' '),
  TXT(window, end) {
    // One text may come in several pieces of 255 bytes.
    let text = '';
    while (window.at < end) text += readText(window);
    return text;
  },
};

function byte(window: Window): number {
  window.at += 1;
  return window.message.readUInt8(window.at - 1);
}

function short(window: Window): number {
  window.at += 2;
  return window.message.readUInt16BE(window.at - 2);
}

function long(window: Window): number {
  window.at += 4;
  return window.message.readUInt32BE(window.at - 4);
}
