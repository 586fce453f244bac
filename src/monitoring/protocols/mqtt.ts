import type { Duplex } from 'node:stream';
import type { Packet } from 'mqtt-packet';
import { Complaint } from './conversation.ts';
import { foreign, packetsOver } from './mqtt-packets.ts';
import { shown } from './shown.ts';

export interface MqttLogin {
  readonly clientId: string;
  readonly user: string;
  readonly password: string;
}

export interface Message {
  readonly topic: string;
  readonly text: string;
  /** Kept by the broker from an earlier time. */
  readonly isRetained: boolean;
}

/** One conversation with a broker. Each throws a `Complaint`, or what the socket throws. */
export interface MqttClient {
  open(login: MqttLogin): Promise<void>;
  ping(): Promise<void>;
  subscribe(topic: string): Promise<void>;
  /** Resolves once the broker has taken it over (QoS 1). */
  publish(topic: string, text: string): Promise<void>;
  /** The next message of what was subscribed to. */
  message(): Promise<Message>;
  close(): void;
}

const FAILED = 0x80;
const SUBSCRIBE_ID = 1;
const PUBLISH_ID = 2;

export async function mqttOver(socket: Duplex, protocolVersion: 4 | 5): Promise<MqttClient> {
  const { send, next } = await packetsOver(socket, protocolVersion);
  const early: Message[] = [];

  return {
    async open({ clientId, user, password }) {
      const login = {
        ...(user !== '' && { username: user }),
        ...(password !== '' && { password: Buffer.from(password) }),
      };
      send({ cmd: 'connect', clientId, clean: true, keepalive: 60, protocolId: 'MQTT', protocolVersion, ...login });
      const answer = await next();
      if (answer.cmd !== 'connack') throw foreign();
      const code = answer.reasonCode ?? answer.returnCode ?? 0;
      if (code !== 0) throw new Complaint(refusal(code, { user, password }));
    },
    async ping() {
      send({ cmd: 'pingreq' });
      await answerTo('pingresp');
    },
    async subscribe(topic) {
      send({ cmd: 'subscribe', messageId: SUBSCRIBE_ID, subscriptions: [{ topic, qos: 0 }] });
      const answer = await answerTo('suback');
      const granted = answer.cmd === 'suback' ? Number(answer.granted[0]) : FAILED;
      if (!(granted < FAILED)) throw new Complaint(`does not let this user read the topic ${shown(topic)}`);
    },
    async publish(topic, text) {
      const message = { topic, payload: text, qos: 1, dup: false, retain: false } as const;
      send({ cmd: 'publish', messageId: PUBLISH_ID, ...message });
      const answer = await answerTo('puback');
      const code = answer.cmd === 'puback' ? (answer.reasonCode ?? 0) : 0;
      if (code >= FAILED) throw new Complaint(`does not take messages of this user for the topic ${shown(topic)}`);
    },
    async message() {
      const before = early.shift();
      if (before !== undefined) return before;
      for (;;) {
        const message = messageIn(await next());
        if (message !== undefined) return message;
      }
    },
    close: () => send({ cmd: 'disconnect' }),
  };

  /** Messages that come before it are kept for whoever waits for them. */
  async function answerTo(cmd: Packet['cmd']): Promise<Packet> {
    for (;;) {
      const packet = await next();
      if (packet.cmd === cmd) return packet;
      const message = messageIn(packet);
      if (message === undefined) throw foreign();
      early.push(message);
    }
  }
}

function messageIn(packet: Packet): Message | undefined {
  if (packet.cmd !== 'publish') return undefined;
  return { topic: packet.topic, text: packet.payload.toString(), isRetained: packet.retain };
}

/** Codes of MQTT 3.1.1 (§3.2.2.3) and of MQTT 5 (§3.2.2.2). */
function refusal(code: number, { user, password }: Pick<MqttLogin, 'user' | 'password'>): string {
  const hasNone = user === '' && password === '';
  const login = hasNone ? 'asks for credentials, and none are set' : `rejects the password for user ${user}`;
  const known = new Map([
    [1, 'does not speak this version of MQTT: set `version`'],
    [0x84, 'does not speak this version of MQTT: set `version`'],
    [2, 'does not accept the name of this client'],
    [0x85, 'does not accept the name of this client'],
    [3, 'is not available at the moment'],
    [0x88, 'is not available at the moment'],
    [0x89, 'is too busy'],
    [0x8a, 'has banned this client'],
    [0x97, 'takes no more connections'],
    [4, login],
    [5, login],
    [0x86, login],
    [0x87, login],
  ]);
  return known.get(code) ?? `refused the connection with the code ${code}`;
}
