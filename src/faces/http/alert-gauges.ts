import { Gauge, type Registry } from '@prometheus-io/client';
import type { AlertingFacts, DeliveryFacts, DeliveryNow } from '../../contracts/facts.ts';
import { SEVERITIES } from '../../contracts/outbound.ts';
import type { GaugeGroup } from './prometheus.ts';

/** More alerts than this are never open at once, as long as one problem is one alert. */
const ALERTS_MAX = 500;
const DELIVERIES_MAX = 200;

const STATES: readonly DeliveryNow['state'][] = ['waiting', 'sending', 'delivered', 'dead'];

export function alertGauges(registry: Registry, facts: AlertingFacts): GaugeGroup {
  const alerts = new Gauge({
    name: 'evenkeel_alerts',
    help: 'Alerts that are open.',
    labelNames: ['state', 'severity'],
    registers: [registry],
  });

  const refresh = async () => {
    const open = (await facts.alerts(ALERTS_MAX)).filter(({ state }) => state === 'open');
    for (const severity of SEVERITIES) {
      alerts.set({ state: 'open', severity }, open.filter((each) => each.severity === severity).length);
    }
  };
  return { gauges: [alerts], refresh };
}

export function deliveryGauges(registry: Registry, facts: DeliveryFacts): GaugeGroup {
  const deliveries = new Gauge({
    name: 'evenkeel_deliveries',
    help: `The newest ${DELIVERIES_MAX} messages, by what became of them.`,
    labelNames: ['state'],
    registers: [registry],
  });

  const refresh = async () => {
    const newest = await facts.deliveries(DELIVERIES_MAX);
    for (const state of STATES) deliveries.set({ state }, newest.filter((each) => each.state === state).length);
  };
  return { gauges: [deliveries], refresh };
}
