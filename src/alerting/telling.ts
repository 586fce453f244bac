import type { Tx } from '../contracts/database.ts';
import type { Lane, Notice, Outbound } from '../contracts/outbound.ts';
import type { Log } from '../kernel/log.ts';
import type { Alert } from './alert-store.ts';
import * as alertStore from './alert-store.ts';
import { type RouteSettings, routeOf } from './route.ts';
import type { Failure } from './signal.ts';
import * as signalStore from './signal-store.ts';
import { type Ending, openedNotice, resolvedNotice, type Situation, worseNotice } from './wording.ts';

export interface TellingDeps {
  readonly outbound: Outbound;
  readonly log: Log;
  readonly links: { readonly statusPage: () => string };
  /** Throws while nobody has said who is to be told: better late than to nobody. */
  readonly settings: () => { readonly app: string; readonly route: RouteSettings };
}

/** Says it, in the transaction in which it became true. */
export interface Telling {
  opened(tx: Tx, alert: Alert): Promise<void>;
  /** It is worse than what was told. */
  worse(tx: Tx, alert: Alert, by: Failure): Promise<void>;
  /** To exactly those who heard of it. Returns the title. */
  resolved(tx: Tx, alert: Alert, ending: Ending): Promise<string>;
}

export function createTelling({ outbound, log, links, settings }: TellingDeps): Telling {
  return {
    async opened(tx, alert) {
      const channels = routeOf(alert.severity, settings().route);
      if (channels.length === 0) log.warn('An alert opened and there is nobody to tell.', { alert: alert.id });
      await tell(tx, alert, { step: 'opened', channels, notice: openedNotice(await situationOf(tx, alert)) });
    },
    async worse(tx, alert, by) {
      const channels = routeOf(alert.severity, settings().route);
      await tell(tx, alert, { step: 'worse', channels, notice: worseNotice(await situationOf(tx, alert), by) });
    },
    async resolved(tx, alert, ending) {
      const notice = resolvedNotice(await situationOf(tx, alert), ending);
      for (const { channel, lane } of await alertStore.listTold(tx.of(), [alert.id])) {
        await enqueue(tx, alert, { step: 'resolved', channel, lane, notice });
      }
      return notice.title;
    },
  };

  async function situationOf(tx: Tx, alert: Alert): Promise<Situation> {
    return {
      app: settings().app,
      alert,
      signals: await signalStore.listOf(tx.of(), [alert.id]),
      statusPage: links.statusPage(),
    };
  }

  async function tell(
    tx: Tx,
    alert: Alert,
    { channels, ...message }: { readonly step: string; readonly channels: readonly string[]; readonly notice: Notice },
  ): Promise<void> {
    const lane: Lane = message.notice.severity === 'critical' ? 'page' : 'alert';
    for (const channel of channels) {
      await enqueue(tx, alert, { ...message, channel, lane });
      await alertStore.setTold(tx, { alertId: alert.id, channel, lane });
    }
  }

  async function enqueue(
    tx: Tx,
    { id, environment, tellings }: Alert,
    { step, channel, lane, notice }: Pick<Message, 'step' | 'channel' | 'lane' | 'notice'>,
  ): Promise<void> {
    const key = `alert/${id}/${step}/${tellings}/${channel}`;
    await outbound.enqueue(tx, { environment, key, lane, channel, thread: id, notice });
  }
}

interface Message {
  readonly step: string;
  readonly channel: string;
  readonly lane: Lane;
  readonly notice: Notice;
}
