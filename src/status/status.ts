import type { AppModel } from '../contracts/app-model.ts';
import type { BackupFacts, DeliveryFacts, MonitoringFacts } from '../contracts/facts.ts';
import type { Clock } from '../kernel/clock.ts';
import { DELIVERIES_READ } from './readiness.ts';
import type { StatusSettings } from './section.ts';
import { type PublicSummary, summaryOf } from './summary.ts';
import { HISTORY_DAYS, type PublicView, publicView, visibleNames } from './view.ts';

export interface StatusDeps {
  readonly clock: Clock;
  readonly monitoring: MonitoringFacts;
  readonly backups: BackupFacts;
  readonly delivery: DeliveryFacts;
  /** Asked each time, because the manifest may be replaced while the process runs. */
  readonly described: () => { readonly model: AppModel; readonly settings: StatusSettings };
}

export interface Status {
  view(): Promise<PublicView>;
  summary(): Promise<PublicSummary>;
}

export function createStatus({ clock, monitoring, backups, delivery, described }: StatusDeps): Status {
  return { view, summary: async () => summaryOf(await view()) };

  async function view(): Promise<PublicView> {
    const { model, settings } = described();
    const monitors = await monitoring.monitors();
    const visible = visibleNames(settings, monitors);
    const history = await monitoring.history([...visible], HISTORY_DAYS);
    const sources = settings.readiness ? await backups.sources() : [];
    const deliveries = settings.readiness ? await delivery.deliveries(DELIVERIES_READ) : [];
    return publicView({ now: clock.now(), model, settings, monitors, history, sources, deliveries });
  }
}
