import * as data from './data-kinds.ts';
import type { Kind } from './kind.ts';
import * as net from './net-kinds.ts';
import * as web from './web-kinds.ts';

/** Kuma's types of monitor, by the word in its column `type`. */
export const kinds: Readonly<Record<string, Kind>> = {
  http: web.http,
  keyword: web.keyword,
  'json-query': web.jsonQuery,
  'real-browser': web.realBrowser,
  port: net.port,
  ping: net.ping,
  dns: net.dns,
  smtp: net.smtp,
  snmp: net.snmp,
  ntp: net.ntp,
  'websocket-upgrade': net.websocketUpgrade,
  steam: net.steam,
  gamedig: net.gamedig,
  push: data.push,
  docker: data.docker,
  group: data.group,
  manual: data.manual,
  postgres: data.postgres,
  mysql: data.mysql,
  mongodb: data.mongodb,
  redis: data.redis,
  mqtt: data.mqtt,
  rabbitmq: data.rabbitmq,
  'kafka-producer': data.kafkaProducer,
  'grpc-keyword': data.grpcKeyword,
  'system-service': data.systemService,
};

/** Those that nothing here is like, and what may help. */
export const UNLIKE: Readonly<Record<string, string>> = {
  sqlserver: 'Evenkeel does not speak to Microsoft SQL Server; watch its port with `tcp`.',
  oracledb: 'Evenkeel does not speak to Oracle databases; watch the port with `tcp`.',
  radius: 'Evenkeel does not speak RADIUS.',
  'tailscale-ping': 'Evenkeel has no ping through Tailscale; where its network is up, `ping` reaches the same host.',
  globalping: 'Evenkeel asks no foreign probes; run `evenkeel probe` where you want to look from.',
};
