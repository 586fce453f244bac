import type { WindowNow } from '../../monitoring/index.ts';
import type { MaintenanceView } from './maintenance-contract.ts';
import { isoOf, isoOrNull } from './views.ts';

export function maintenanceView(window: WindowNow): MaintenanceView {
  return {
    id: window.window,
    title: window.title,
    kind: window.kind,
    monitors: window.monitors,
    isOpen: window.isOpen,
    startsAt: isoOf(window.startsAt),
    endsAt: isoOrNull(window.endsAt),
    pausesChecks: window.pausesChecks,
    startedBy: window.startedBy,
    reason: window.reason,
  };
}
