import { Registry } from '../../kernel/registry.ts';
import { a2s } from './a2s.ts';
import { alertmanager } from './alertmanager.ts';
import { analytics } from './analytics.ts';
import { bitcoin } from './bitcoin.ts';
import { browser } from './browser.ts';
import { clickhouse } from './clickhouse.ts';
import { compose } from './compose.ts';
import { dns } from './dns.ts';
import { docker } from './docker.ts';
import { domain } from './domain.ts';
import { elasticsearch } from './elasticsearch.ts';
import { ethereum } from './ethereum.ts';
import { grafana } from './grafana.ts';
import { group } from './group.ts';
import { grpc } from './grpc.ts';
import { heartbeat } from './heartbeat.ts';
import { host } from './host.ts';
import { http } from './http.ts';
import { imap } from './imap.ts';
import { json } from './json.ts';
import { kafka } from './kafka.ts';
import { keyword } from './keyword.ts';
import { kibana } from './kibana.ts';
import { ldap } from './ldap.ts';
import { llm } from './llm.ts';
import { log } from './log.ts';
import { logstash } from './logstash.ts';
import { loki } from './loki.ts';
import { manual } from './manual.ts';
import { metrics } from './metrics.ts';
import { minecraft } from './minecraft.ts';
import { mongodb } from './mongodb.ts';
import { mqtt } from './mqtt.ts';
import { mysql } from './mysql.ts';
import { nats } from './nats.ts';
import { ntp } from './ntp.ts';
import { ping } from './ping.ts';
import { postgres } from './postgres.ts';
import { process } from './process.ts';
import { prometheus } from './prometheus.ts';
import { rabbitmq } from './rabbitmq.ts';
import { rag } from './rag.ts';
import { redis } from './redis.ts';
import { s3 } from './s3.ts';
import { smtp } from './smtp.ts';
import { snmp } from './snmp.ts';
import { ssh } from './ssh.ts';
import { starttls } from './starttls.ts';
import { statuspage } from './statuspage.ts';
import { steps } from './steps.ts';
import { systemd } from './systemd.ts';
import { tcp } from './tcp.ts';
import { tls } from './tls.ts';
import { udp } from './udp.ts';
import { vectors } from './vectors.ts';
import { websocket } from './websocket.ts';

/** To add a monitor type: write `<type>.ts` beside this file, then add its line here. */
export const monitorTypes = new Registry('monitor type', [
  http,
  browser,
  keyword,
  json,
  tcp,
  udp,
  tls,
  starttls,
  ssh,
  postgres,
  mysql,
  mongodb,
  clickhouse,
  elasticsearch,
  vectors,
  redis,
  s3,
  heartbeat,
  group,
  manual,
  steps,
  host,
  process,
  systemd,
  docker,
  compose,
  log,
  websocket,
  grpc,
  rabbitmq,
  kafka,
  nats,
  mqtt,
  smtp,
  imap,
  dns,
  domain,
  ping,
  ntp,
  snmp,
  ldap,
  metrics,
  analytics,
  prometheus,
  alertmanager,
  loki,
  grafana,
  logstash,
  kibana,
  statuspage,
  llm,
  rag,
  minecraft,
  a2s,
  ethereum,
  bitcoin,
]);
