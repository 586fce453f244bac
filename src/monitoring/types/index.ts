import { Registry } from '../../kernel/registry.ts';
import { alertmanager } from './alertmanager.ts';
import { dns } from './dns.ts';
import { grafana } from './grafana.ts';
import { grpc } from './grpc.ts';
import { heartbeat } from './heartbeat.ts';
import { host } from './host.ts';
import { http } from './http.ts';
import { kibana } from './kibana.ts';
import { log } from './log.ts';
import { logstash } from './logstash.ts';
import { loki } from './loki.ts';
import { metrics } from './metrics.ts';
import { mysql } from './mysql.ts';
import { postgres } from './postgres.ts';
import { process } from './process.ts';
import { prometheus } from './prometheus.ts';
import { redis } from './redis.ts';
import { starttls } from './starttls.ts';
import { steps } from './steps.ts';
import { systemd } from './systemd.ts';
import { tcp } from './tcp.ts';
import { tls } from './tls.ts';
import { websocket } from './websocket.ts';

/** To add a monitor type: write `<type>.ts` beside this file, then add its line here. */
export const monitorTypes = new Registry('monitor type', [
  http,
  tcp,
  tls,
  starttls,
  postgres,
  mysql,
  redis,
  heartbeat,
  steps,
  host,
  process,
  systemd,
  log,
  websocket,
  grpc,
  dns,
  metrics,
  prometheus,
  alertmanager,
  loki,
  grafana,
  logstash,
  kibana,
]);
