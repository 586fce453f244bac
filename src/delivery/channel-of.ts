import type { Send } from './channel.ts';
import { channelTypes } from './channels/index.ts';
import type { ChannelSettings } from './section.ts';

/** A channel of the manifest, ready to be sent to. */
export interface ReadyChannel {
  readonly type: string;
  /** Where it goes, for people. */
  readonly target: string;
  readonly send: Send;
}

/** Undefined for a kind that is read and checked, but not acted on yet. */
export function channelOf(settings: ChannelSettings): ReadyChannel | undefined {
  const channel = channelTypes.all().find(({ type }) => type in settings);
  return channel && { type: channel.type, target: channel.target(settings), send: channel.prepare(settings) };
}

/** Whether anything can be sent there by this version. */
export function canSend(settings: ChannelSettings): boolean {
  return channelOf(settings) !== undefined;
}
