/** A place in a message that moves on as it is read. Reading beyond the end throws a `RangeError`. */
export interface Window {
  readonly message: Buffer;
  at: number;
}

const LABEL_BYTES_MAX = 63;
const NAME_BYTES_MAX = 255;
const POINTER = 0xc0;

export function writeName(name: string): Buffer {
  const labels = name === '' ? [] : name.split('.');
  const parts = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]));
  return Buffer.concat([...parts, Buffer.from([0])]);
}

/** In lower case and without the last dot; the root is empty. RFC 1035 §4.1.4. */
export function readName(window: Window): string {
  const { message } = window;
  const labels: string[] = [];
  let { at } = window;
  let end: number | undefined;
  for (let size = 0; ; ) {
    const length = message.readUInt8(at);
    if (length === 0) break;
    if (length >= POINTER) {
      const target = message.readUInt16BE(at) & 0x3fff;
      // Only ever further back, so that it comes to an end.
      if (target >= at) throw new RangeError('A name refers to what is not before it.');
      end ??= at + 2;
      at = target;
    } else if (length > LABEL_BYTES_MAX) {
      throw new RangeError('A label has an unknown form.');
    } else {
      labels.push(readText({ message, at }));
      at += length + 1;
      size += length + 1;
      if (size > NAME_BYTES_MAX) throw new RangeError('A name is too long.');
    }
  }
  window.at = end ?? at + 1;
  return labels.join('.').toLowerCase();
}

/** A text with its length before it. What is no visible ASCII becomes `\ddd`, as in a zone file (RFC 1035 §5.1). */
export function readText(window: Window): string {
  const length = window.message.readUInt8(window.at);
  const start = window.at + 1;
  window.at = start + length;
  if (window.at > window.message.length) throw new RangeError('A text goes beyond the end.');
  return printable(window.message.subarray(start, window.at));
}

export function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`,
  ).join('');
}
