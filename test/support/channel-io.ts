import assert from 'node:assert/strict';
import type { Notice } from '../../src/contracts/outbound.ts';
import type { ChannelIo, Envelope, SendResult } from '../../src/delivery/channel.ts';
import { channelOf } from '../../src/delivery/channel-of.ts';
import type { MailServer } from '../../src/delivery/mail/mail-server.ts';
import { deliverySection } from '../../src/delivery/section.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { createNet } from '../../src/platform/net/net.ts';
import type { Lookup } from '../../src/platform/net/resolver.ts';
import { systemClock } from '../../src/platform/system-clock.ts';

/** An alert as it is told; what a test is about stands in `parts`. */
export function notice(parts: Partial<Notice> = {}): Notice {
  return {
    app: 'shop',
    type: 'alert.opened',
    knownAt: Date.parse('2026-01-05T09:00:00Z'),
    severity: 'critical',
    phase: 'opened',
    title: 'api is down',
    text: ['api.shop.example refused the connection.', 'Also affected: web, worker.'],
    facts: [
      { label: 'Monitor', value: 'api' },
      { label: 'Down since', value: '2026-01-05 08:59:00 UTC' },
    ],
    links: [{ label: 'Status page', url: 'https://status.shop.example/?a=1&b=2' }],
    at: Date.parse('2026-01-05T09:00:00Z'),
    data: { alert: 'alt_1', monitor: 'api' },
    ...parts,
  };
}

export function envelope(parts: Partial<Envelope> = {}): Envelope {
  return { id: 'msg_01', thread: 'alt_1', attempt: 1, notice: notice(), ...parts };
}

export interface Sending {
  readonly envelope?: Envelope;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly smtpUrl?: string;
  readonly from?: string;
  readonly lookup?: Lookup;
}

/** Sends over real sockets, with the settings as they stand in a manifest. */
export async function send(settings: object, sending: Sending = {}): Promise<SendResult> {
  const channels = deliverySection.topLevel.channels.parse({ dev: settings });
  const channel = channelOf(channels?.['dev'] ?? {});
  assert.ok(channel !== undefined, 'this kind of channel is acted on');
  return channel.send(sending.envelope ?? envelope(), channelIo(sending));
}

function channelIo({ timeoutMs = 10_000, signal, lookup, smtpUrl, from }: Sending): ChannelIo {
  const deadline = systemClock.timeout(timeoutMs);
  return {
    net: createNet({ policy: 'manifest', clock: systemClock, ...(lookup !== undefined && { lookup }) }),
    clock: systemClock,
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    mail: smtpUrl === undefined ? null : mailServer(smtpUrl, from),
  };
}

function mailServer(url: string, from = 'Shop status <status@shop.example>'): MailServer {
  return { url: new Secret(url), from };
}

/** What people are told of an attempt; whatever it is, `hush` is a secret in all these tests. */
export function detailOf(result: SendResult, outcome: SendResult['outcome']): string {
  assert.equal(result.outcome, outcome, result.detail);
  assert.doesNotMatch(JSON.stringify(result), /hush/);
  return result.detail;
}
