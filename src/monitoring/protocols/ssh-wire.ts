/** The other side does not speak SSH as RFC 4253 has it. The message says what it does, to go on after its address. */
export class SshUnreadable extends Error {}

/** What a message consists of (RFC 4251 §5), read from its start. */
export interface Fields {
  uint32(): number;
  text(): Buffer;
  skip(bytes: number): void;
}

export function fieldsOf(message: Buffer): Fields {
  let at = 0;
  return { uint32: number, text: () => take(number()), skip: (bytes) => void take(bytes) };

  function number(): number {
    return take(4).readUInt32BE();
  }

  function take(bytes: number): Buffer {
    if (at + bytes > message.length) throw new SshUnreadable('sends a message of SSH that ends too soon.');
    at += bytes;
    return message.subarray(at - bytes, at);
  }
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** With its length before it. */
export function text(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** A number that is not negative, without zeros before it, and never mistaken for a negative one. */
export function mpint(content: Uint8Array): Buffer {
  const first = content.findIndex((byte) => byte !== 0);
  if (first === -1) return text('');
  const bytes = content.subarray(first);
  return text((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** RFC 4253 §6, before anything is encrypted. */
export function packet(payload: Uint8Array): Buffer {
  // At least four, and all of it a multiple of eight.
  const padding = 4 + ((8 - ((5 + payload.length + 4) % 8)) % 8);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + payload.length + padding);
  head.writeUInt8(padding, 4);
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}
