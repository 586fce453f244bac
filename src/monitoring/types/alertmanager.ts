import * as z from 'zod';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import {
  ask,
  consult,
  judged,
  type WebService,
  webAddress,
  webServiceKeys,
  webServiceOf,
} from '../protocols/web-service.ts';

/** Its gauge, in the text format of Prometheus; 0 since a configuration was refused. */
const RELOADED = /^alertmanager_config_last_reload_successful (?<value>[\d.e+]+)/m;

const AlertmanagerSettings = z.strictObject({
  alertmanager: webAddress('http://alertmanager.example:9093').describe(
    'Address of the server, e.g. "http://alertmanager.example:9093".',
  ),
  peers_min: z
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .describe('How many members its cluster must have, itself included; with fewer it is degraded. Default 1.'),
  ...webServiceKeys(),
});
type AlertmanagerSettings = z.output<typeof AlertmanagerSettings>;

export const alertmanager = defineMonitor({
  type: 'alertmanager',
  summary: 'Asks Alertmanager whether it is ready, runs the configuration it was given, and sees its cluster.',
  example: 'alerts: { alertmanager: "http://alertmanager.example:9093", peers_min: 3 }',
  testedAgainst: 'Alertmanager 0.25',
  settings: AlertmanagerSettings,
  target: (settings) => serviceOf(settings).place,
  check,
});

function serviceOf(settings: AlertmanagerSettings): WebService {
  return webServiceOf(settings.alertmanager, 'Alertmanager', settings);
}

const Status = z.object({
  cluster: z.object({ status: z.enum(['ready', 'settling', 'disabled']), peers: z.array(z.unknown()).optional() }),
});

async function check(settings: AlertmanagerSettings, io: ProbeIo): Promise<CheckResult> {
  const service = serviceOf(settings);
  const ready = await ask(service, { method: 'GET', path: '/-/ready' }, io);
  if ('failure' in ready) return ready.failure;
  const { latencyMs, status } = ready.answer;
  if (status !== 200) {
    return { state: 'down', latencyMs, reason: `${service.place} is not ready: it answered ${status}, expected 200.` };
  }
  const asked = await consult(service, { method: 'GET', path: '/api/v2/status' }, Status, io);
  if ('failure' in asked) return asked.failure;
  const metrics = await ask(service, { method: 'GET', path: '/metrics' }, io);
  if ('failure' in metrics) return metrics.failure;
  const { cluster } = asked.content;
  const peers = cluster.peers?.length ?? 0;
  const complaints = [
    ...complaintsAbout(cluster.status, peers, settings),
    ...(isOutdated(metrics.answer.text) ? ['It could not load its latest configuration and goes on without.'] : []),
  ];
  const found = { latencyMs, readings: { peers } };
  const own: CheckResult =
    complaints.length === 0
      ? { ...found, state: 'up' }
      : { ...found, state: 'degraded', reason: `${service.place} is up. ${complaints.join(' ')}` };
  return judged(service, own, { ...asked.answer, latencyMs });
}

function complaintsAbout(status: string, peers: number, { peers_min: least }: AlertmanagerSettings): readonly string[] {
  if (status === 'settling') return ['Its cluster is still settling, so that alerts wait.'];
  // Without a cluster there is nobody but itself, and no list of peers either.
  const members = status === 'disabled' ? 1 : peers;
  return members < least ? [`Its cluster has ${members} of at least ${least} members.`] : [];
}

function isOutdated(metrics: string): boolean {
  const value = RELOADED.exec(metrics)?.groups?.['value'];
  return value !== undefined && Number(value) === 0;
}
