import type * as z from 'zod';
import type { Notice } from '../contracts/outbound.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Net } from '../kernel/net.ts';
import type { MailServer } from './mail/mail-server.ts';

/** One message on its way to one channel. */
export interface Envelope {
  /** The same at every attempt: what receivers recognise a repeat by. */
  readonly id: string;
  /** The same for all messages about one thing. */
  readonly thread: string;
  /** 1 on the first try. */
  readonly attempt: number;
  readonly notice: Notice;
}

/** Whatever a receiver answers is a value; a channel throws only when it is itself at fault. */
export type SendResult =
  /** The receiver took it. `detail` is its answer in short. */
  | { readonly outcome: 'delivered'; readonly detail: string }
  /** It may work later. `retryAfterMs` is what the receiver asked for. */
  | { readonly outcome: 'failed'; readonly detail: string; readonly retryAfterMs?: number }
  /** It will never work like this: trying again would only annoy. */
  | { readonly outcome: 'refused'; readonly detail: string };

export interface ChannelIo {
  readonly net: Net;
  readonly clock: Clock;
  /** Aborts at the deadline and at shutdown. */
  readonly signal: AbortSignal;
  /** Through which mail leaves; null when none is set. */
  readonly mail: MailServer | null;
}

export type Send = (envelope: Envelope, io: ChannelIo) => Promise<SendResult>;

/**
 * One kind of place that messages go to. In the manifest a channel names its kind by the key that carries its main
 * setting: `dev: { slack: "${SLACK_URL}" }`.
 */
export interface Channel {
  readonly type: string;
  /** One sentence for the reference and the editor. */
  readonly summary: string;
  /** A complete manifest entry that `evenkeel check` accepts; shown in the reference. */
  readonly example: string;
  /** What it was tested against. */
  readonly testedAgainst: string;
  /** The one named like the type is required and decides the type. */
  readonly settings: z.ZodObject;
  /** Where it goes, for people: never the secret part of an address. */
  readonly target: (settings: unknown) => string;
  readonly prepare: (settings: unknown) => Send;
}

/** Keeps `send` typed by its own schema while the registry sees one uniform `Channel`. */
export function defineChannel<Settings extends z.ZodObject>(
  definition: Omit<Channel, 'settings' | 'target' | 'prepare'> & {
    readonly settings: Settings;
    readonly target: (settings: z.output<Settings>) => string;
    readonly send: (settings: z.output<Settings>, envelope: Envelope, io: ChannelIo) => Promise<SendResult>;
  },
): Channel {
  const { send, target, ...rest } = definition;
  return {
    ...rest,
    target: (settings) => target(parsed<Settings>(settings)),
    prepare: (settings) => (envelope, io) => send(parsed<Settings>(settings), envelope, io),
  };
}

/** The manifest parsed these settings with this very schema; parsing again would transform them twice. */
function parsed<Settings extends z.ZodObject>(settings: unknown): z.output<Settings> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever calls has them from the schema of this type
  return settings as z.output<Settings>;
}
