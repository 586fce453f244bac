import { Notice } from '../../contracts/outbound.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import { codeOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { ChannelIo, SendResult } from '../channel.ts';
import type { ReadyChannel } from '../channel-of.ts';
import type { Claim } from './claims.ts';

/** `interrupted`: we were asked to stop; what came of it is not known. */
export type AttemptResult = SendResult | { readonly outcome: 'interrupted' };

export type AttemptEnd = AttemptResult & { readonly tookMs: number };

export interface AttemptDeps extends Pick<ChannelIo, 'net' | 'mail'> {
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined when the manifest has no such channel, or none any more. */
  readonly channelNamed: (name: string) => ReadyChannel | undefined;
  readonly stopping: AbortSignal;
}

const DEADLINE_MS = 15 * SECOND_MS;

/** Tries once to hand a message over, for 15 seconds at most. Never rejects. */
export async function attempt(claim: Claim, deps: AttemptDeps): Promise<AttemptEnd> {
  const startedAt = deps.clock.ticks();
  const channel = deps.channelNamed(claim.channel);
  const result = channel === undefined ? noSuchChannel(claim) : await send(claim, channel, deps);
  return { ...result, tookMs: deps.clock.ticks() - startedAt };
}

function noSuchChannel({ channel }: Claim): SendResult {
  const detail = `The manifest has no channel ${channel} now. Add it again, or the message is given up after a day.`;
  return { outcome: 'failed', detail };
}

/** Whether the channel heeds the signal or not, this ends with it. */
async function send(claim: Claim, to: ReadyChannel, deps: AttemptDeps): Promise<AttemptResult> {
  const { clock, net, mail, log, stopping } = deps;
  const signal = AbortSignal.any([clock.timeout(DEADLINE_MS), stopping]);
  const ended = Promise.withResolvers<undefined>();
  signal.addEventListener('abort', () => ended.resolve(undefined), { once: true });
  if (signal.aborted) return brokenOff(stopping);
  try {
    const { id, thread, attempt: count } = claim;
    const envelope = { id, thread, attempt: count, notice: Notice.parse(JSON.parse(claim.notice)) };
    const result = await Promise.race([to.send(envelope, { net, mail, clock, signal }), ended.promise]);
    if (result?.outcome === 'delivered' || (result !== undefined && !signal.aborted)) return result;
    return brokenOff(stopping);
  } catch (error) {
    if (signal.aborted) return brokenOff(stopping);
    log.error('A channel failed in a way that is a mistake of ours; its message is tried again.', {
      message: claim.id,
      channel: claim.channel,
      type: to.type,
      error,
    });
    return {
      outcome: 'failed',
      detail: `The channel made a mistake (${codeOf(error)}); the log of the server has it.`,
    };
  }
}

function brokenOff(stopping: AbortSignal): AttemptResult {
  if (stopping.aborted) return { outcome: 'interrupted' };
  return { outcome: 'failed', detail: `There was no answer within ${DEADLINE_MS / SECOND_MS} s.` };
}
