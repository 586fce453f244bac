import type { AppModel } from '../../src/contracts/app-model.ts';
import type { MonitorHistory, MonitoringFacts, MonitorNow } from '../../src/contracts/facts.ts';
import type { State } from '../../src/contracts/state.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import type { Change } from '../../src/monitoring/history/availability.ts';
import type { StatusSettings } from '../../src/status/index.ts';
import { historyOf } from './history-of.ts';

/** A book shop on 20 November 2026, 14:34 UTC, as monitoring would tell of it. */
export const SHOP_NOW = Date.parse('2026-11-20T14:34:10Z');
const BEFORE_EVERYTHING = SHOP_NOW - 200 * DAY_MS;

/** `[day, minutes, state]`: from noon UTC of that day on it was in that state for so long. */
type Spell = readonly [day: string, minutes: number, state: State];

export interface Watched {
  readonly now: MonitorNow;
  readonly changes: readonly Change[];
}

export function aMonitor(monitor: Partial<MonitorNow> & { readonly name: string }): MonitorNow {
  return {
    type: 'http',
    description: null,
    target: 'https://internal-host.example:8443',
    state: 'up',
    since: BEFORE_EVERYTHING,
    reason: null,
    lastCheckedAt: SHOP_NOW - 2 * SECOND_MS,
    latencyMs: 42,
    intervalMs: 30 * SECOND_MS,
    dependsOn: [],
    unconfirmed: null,
    locations: [],
    readings: {},
    rootCause: null,
    ...monitor,
  };
}

export function anAppModel(app = 'Marlow Books'): AppModel {
  return { app, environment: 'live', environments: ['live'], services: [] };
}

/** Watched since `from`, up but for the spells; the last change makes it what `monitor` says it is now. */
export function watched(
  monitor: Partial<MonitorNow> & { readonly name: string },
  spells: readonly Spell[] = [],
  from = BEFORE_EVERYTHING,
): Watched {
  const now = aMonitor(monitor);
  const past = spells.flatMap(([day, minutes, state]) => {
    const at = Date.parse(`${day}T12:00:00Z`);
    return [change(at, state), change(at + minutes * MINUTE_MS, 'up')];
  });
  const current = now.state === 'up' || now.since === null ? [] : [change(now.since, now.state)];
  const isWatched = now.lastCheckedAt !== null;
  const changes = [change(from, 'up'), ...past, ...current].toSorted((one, other) => one.at - other.at);
  return { now, changes: isWatched ? changes : [] };
}

function change(at: number, state: State): Change {
  return { at, state, reason: state === 'up' ? null : 'connect ECONNREFUSED 10.1.2.3:5432' };
}

export function factsOf(all: readonly Watched[], now = SHOP_NOW): MonitoringFacts {
  return {
    monitors: () => Promise.resolve(all.map((one) => one.now)),
    history: (names, days) => {
      const named = all.filter((one) => names.includes(one.now.name));
      const entries = named.map((one): [string, MonitorHistory] => [one.now.name, historyOf(one.changes, days, now)]);
      return Promise.resolve(new Map(entries));
    },
  };
}

export const SHOP_SETTINGS: Partial<StatusSettings> = {
  title: 'Marlow Books status',
  home: 'https://marlow.example/',
  support: 'https://marlow.example/support',
  groups: {
    Shop: ['web', 'checkout', 'search', 'assistant'],
    Accounts: ['login', 'mail'],
    'For developers': ['api', 'hooks'],
  },
  names: {
    web: 'Website',
    checkout: 'Checkout and payments',
    search: 'Search',
    assistant: 'Book recommendations',
    login: 'Sign-in',
    mail: 'Email receipts',
    api: 'API',
    hooks: 'Webhooks',
  },
};

export type Shape = 'working' | 'degraded' | 'outage';

/** The shop in one of three shapes; the database `db` is private. */
export function theShop(shape: Shape): readonly Watched[] {
  const isOut = shape === 'outage';
  const troubled = { state: 'down', since: SHOP_NOW - 12 * MINUTE_MS, rootCause: 'db' } as const;
  const slow = { state: 'degraded', since: SHOP_NOW - 28 * MINUTE_MS, rootCause: 'checkout' } as const;
  return [
    watched({ name: 'web', description: 'The shop itself' }, [['2026-10-14', 17, 'down']]),
    watched(
      {
        name: 'checkout',
        description: 'Card, invoice, gift card',
        ...(isOut ? troubled : shape === 'degraded' ? slow : {}),
      },
      [
        ['2026-10-14', 17, 'down'],
        ['2026-11-09', 46, 'degraded'],
      ],
    ),
    watched({
      name: 'search',
      description: 'Titles and full text',
      ...(isOut ? { ...slow, rootCause: 'search' } : {}),
    }),
    watched({ name: 'assistant', description: 'Answers about books' }, [['2026-09-29', 41, 'degraded']]),
    watched({ name: 'login', description: 'Password, passkey' }, [['2026-11-03', 22, 'maintenance']]),
    watched({ name: 'mail', description: 'Sent within 5 minutes' }),
    watched({ name: 'api', description: 'For your own programs', ...(isOut ? troubled : {}) }, [
      ['2026-10-14', 17, 'down'],
      ['2026-11-03', 22, 'maintenance'],
    ]),
    watched({ name: 'hooks', description: 'News for your programs' }, [], Date.parse('2026-10-12T08:00:00Z')),
    watched({ name: 'db', type: 'postgres', ...(isOut ? { ...troubled, rootCause: 'db' } : {}) }),
  ];
}
