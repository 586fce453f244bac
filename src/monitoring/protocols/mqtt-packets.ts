import type { Duplex } from 'node:stream';
import type { Packet } from 'mqtt-packet';
import { Complaint } from './conversation.ts';

export interface MqttPackets {
  send(packet: Packet): void;
  /** The next one of the broker. Throws a `Complaint`, or what the socket throws. */
  next(): Promise<Packet>;
}

const BYTES_MAX = 4 * 1024 * 1024;
const PACKETS_MAX = 10_000;

/** `protocolVersion` 4 stands for MQTT 3.1.1. */
export async function packetsOver(socket: Duplex, protocolVersion: 4 | 5): Promise<MqttPackets> {
  const { generate, parser } = await import('mqtt-packet');
  const options = { protocolVersion };
  const held: Packet[] = [];
  const chunks: AsyncIterator<Buffer> = socket[Symbol.asyncIterator]();
  const incoming = parser(options);
  let isForeign = false;
  let bytes = 0;
  let packets = 0;
  incoming.on('packet', (packet) => held.push(packet));
  incoming.on('error', () => void (isForeign = true));

  return {
    send: (packet) => void socket.write(generate(packet, options)),
    async next() {
      while (held.length === 0 && !isForeign) await hear();
      const packet = held.shift();
      if (packet === undefined) throw foreign();
      packets += 1;
      if (packets > PACKETS_MAX) throw tooMuch();
      if (packet.cmd !== 'disconnect') return packet;
      throw new Complaint(`ended the session with the code ${packet.reasonCode ?? 0}`);
    },
  };

  async function hear(): Promise<void> {
    const { value, done } = await chunks.next();
    if (done === true) throw new Complaint('closed the connection without an answer');
    bytes += value.length;
    if (bytes > BYTES_MAX) throw tooMuch();
    try {
      incoming.parse(value);
    } catch {
      isForeign = true;
    }
  }
}

export function foreign(): Complaint {
  return new Complaint('does not answer as MQTT does');
}

function tooMuch(): Complaint {
  return new Complaint('sends more than a check can read');
}
