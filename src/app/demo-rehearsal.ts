import type { AlertingFacts, AlertNow, DeliveryFacts } from '../contracts/facts.ts';
import { SECOND_MS } from '../kernel/clock.ts';
import { demoLook, type Looking } from './demo-look.ts';
import type { DemoShop } from './demo-shop.ts';

export interface RehearsalDeps extends Looking {
  readonly alerting: AlertingFacts;
  readonly delivery: DeliveryFacts;
  readonly shop: Pick<DemoShop, 'turnSwitch'>;
  readonly say: (step: RehearsalStep) => void;
}

export type RehearsalStep =
  | { readonly step: 'broken' }
  /** `tookMs` from when we were sure to the receiver's answer. */
  | { readonly step: 'told'; readonly title: string; readonly sureAfterMs: number; readonly tookMs: number }
  | { readonly step: 'mended' }
  | { readonly step: 'over'; readonly title: string; readonly tookMs: number }
  /** Not within the time that it takes when all is well. */
  | { readonly step: 'silent' };

/** What breaks; the manifest of the shop calls it by the same name. */
const PART = 'api';
const PATIENCE_MS = 30 * SECOND_MS;
const READ_MAX = 20;

/** Breaks a part of the shop for real, waits until the team has heard of it, and mends it. */
export async function rehearse(deps: RehearsalDeps): Promise<void> {
  const { clock, signal, alerting, delivery, shop, say } = deps;
  const brokenAt = clock.now();
  await shop.turnSwitch(PART, 'down');
  say({ step: 'broken' });
  let opened: Told | undefined;
  try {
    opened = await patiently(() => toldOf((alert) => alert.openedAt >= brokenAt && alert.cause === PART, 0));
    if (opened === undefined) return say({ step: 'silent' });
    say({ step: 'told', title: opened.title, sureAfterMs: opened.knownAt - brokenAt, tookMs: opened.tookMs });
  } finally {
    // Whatever comes in between: nothing stays broken that the person did not break.
    await shop.turnSwitch(PART, 'off').catch(() => undefined);
  }
  say({ step: 'mended' });
  const first = opened;
  const isOver = ({ id, state }: AlertNow) => id === first.alert && state === 'resolved';
  const over = await patiently(() => toldOf(isOver, first.knownAt + 1));
  say(over === undefined ? { step: 'silent' } : { step: 'over', title: over.title, tookMs: over.tookMs });

  async function patiently(look: () => Promise<Told | undefined>): Promise<Told | undefined> {
    const patience = clock.timeout(PATIENCE_MS);
    try {
      return await demoLook({ clock, signal: AbortSignal.any([signal, patience]) }, look);
    } catch (error) {
      if (!patience.aborted || signal.aborted) throw error;
      return undefined;
    }
  }

  /** The first message about such an alert that a receiver took, of what was known from then on. */
  async function toldOf(isMeant: (alert: AlertNow) => boolean, knownFrom: number): Promise<Told | undefined> {
    const alert = (await alerting.alerts(READ_MAX)).find(isMeant);
    if (alert === undefined) return undefined;
    const deliveries = await delivery.deliveries(READ_MAX);
    return deliveries
      .flatMap(({ thread, title, knownAt, deliveredAt }) => {
        if (thread !== alert.id || deliveredAt === null || knownAt < knownFrom) return [];
        return { alert: alert.id, title, knownAt, tookMs: deliveredAt - knownAt };
      })
      .toSorted((a, b) => a.knownAt - b.knownAt)[0];
  }
}

interface Told {
  /** Its id. */
  readonly alert: string;
  readonly title: string;
  readonly knownAt: number;
  readonly tookMs: number;
}
