import { DatabaseSync } from 'node:sqlite';

/**
 * A kuma.db as Uptime Kuma 2.0 makes it: its tables and columns, as far as anything is read of them, by the facts of
 * its published schema.
 */
const TABLES: Readonly<Record<string, string>> = {
  user: 'username text, password text, active boolean not null default 1, timezone text',
  monitor: `name text, active boolean not null default 1, user_id integer, "interval" integer not null default 20, url text,
    type text, weight integer default 2000, hostname text, port integer, created_date datetime, keyword text,
    maxretries integer not null default 0, ignore_tls boolean not null default 0, upside_down boolean not null default 0,
    maxredirects integer not null default 10, accepted_statuscodes_json text not null default '["200-299"]',
    dns_resolve_type text, dns_resolve_server text, dns_last_result text, retry_interval integer not null default 0,
    push_token text, method text not null default 'GET', body text, headers text, basic_auth_user text,
    basic_auth_pass text, docker_host integer, docker_container text, proxy_id integer,
    expiry_notification boolean default 1, mqtt_topic text, mqtt_success_message text, mqtt_username text,
    mqtt_password text, mqtt_check_type text, database_connection_string text, database_query text, auth_method text,
    auth_domain text, auth_workstation text, grpc_url text, grpc_protobuf text, grpc_body text, grpc_metadata text,
    grpc_method text, grpc_service_name text, grpc_enable_tls boolean not null default 0, radius_username text,
    radius_password text, radius_calling_station_id text, radius_called_station_id text, radius_secret text,
    resend_interval integer not null default 0, packet_size integer not null default 56, game text,
    http_body_encoding text, description text, tls_ca text, tls_cert text, tls_key text, parent integer,
    invert_keyword boolean not null default 0, json_path text, json_path_operator text, expected_value text,
    kafka_producer_topic text, kafka_producer_brokers text, kafka_producer_ssl boolean not null default 0,
    kafka_producer_allow_auto_topic_creation boolean not null default 0, kafka_producer_sasl_options text,
    kafka_producer_message text, oauth_client_id text, oauth_client_secret text, oauth_token_url text,
    oauth_scopes text, oauth_audience text, oauth_auth_method text, timeout double not null default 0,
    gamedig_given_port_only boolean not null default 1, snmp_community_string text, snmp_oid text, snmp_version text,
    snmp_control_value float, snmp_condition text, rabbitmq_nodes text, rabbitmq_username text, rabbitmq_password text,
    conditions text not null default '[]', cache_bust boolean not null default 0, remote_browser integer,
    smtp_security text, manual_status smallint, ping_count integer not null default 1,
    ping_numeric boolean not null default 1, ws_subprotocol text,
    ws_ignore_sec_websocket_accept_header boolean not null default 0, ip_family text, system_service_name text`,
  heartbeat: `important boolean not null default 0, monitor_id integer not null, status smallint not null, msg text,
    time datetime not null, ping integer, duration integer not null default 0, down_count integer not null default 0`,
  stat_hourly: `monitor_id integer not null, timestamp integer not null, ping float not null, up smallint not null,
    down smallint not null, ping_min float not null default 0, ping_max float not null default 0, extras text,
    unique (monitor_id, timestamp)`,
  stat_daily: `monitor_id integer not null, timestamp integer not null, ping float not null, up smallint not null,
    down smallint not null, ping_min float not null default 0, ping_max float not null default 0, extras text,
    unique (monitor_id, timestamp)`,
  notification: `name text, active boolean not null default 1, user_id integer, is_default boolean not null default 0,
    config text`,
  monitor_notification: 'monitor_id integer not null, notification_id integer not null',
  proxy: `user_id integer, protocol text not null, host text not null, port smallint not null, auth boolean not null,
    username text, password text, active boolean not null default 1, "default" boolean not null default 0`,
  docker_host: 'user_id integer, docker_daemon text, docker_type text, name text',
  remote_browser: 'name text, url text, user_id integer',
  tag: 'name text not null, color text not null',
  monitor_tag: 'monitor_id integer not null, tag_id integer not null, value text',
  maintenance: `title text not null, description text not null default '', user_id integer,
    active boolean not null default 1, strategy text not null default 'single', start_date datetime, end_date datetime,
    start_time time, end_time time, weekdays text default '[]', days_of_month text default '[]', interval_day integer,
    cron text, timezone text, duration integer`,
  monitor_maintenance: 'monitor_id integer not null, maintenance_id integer not null',
  status_page: `slug text not null, title text not null, description text, icon text not null default '',
    theme text not null default 'auto', published boolean not null default 1, footer_text text, custom_css text,
    password text`,
  group: `name text not null, public boolean not null default 0, active boolean not null default 1,
    weight integer not null default 1000, status_page_id integer`,
  monitor_group: 'monitor_id integer not null, group_id integer not null, weight integer not null default 1000',
  incident: 'title text not null, content text not null, active boolean not null default 1, status_page_id integer',
  setting: 'key text not null unique, value text, type text',
  api_key: 'key text not null, name text not null, user_id integer not null',
};

type Value = string | number | null;
export type KumaRow = Readonly<Record<string, Value>>;
export type KumaRows = Readonly<Record<string, readonly KumaRow[]>>;

/** Writes the database into this file. With `isOpen` it stays as a running Kuma has it: in WAL mode, with its log. */
export function writeKumaDatabase(file: string, rows: KumaRows): DatabaseSync {
  const db = new DatabaseSync(file);
  db.exec('pragma journal_mode = wal; begin');
  for (const [table, columns] of Object.entries(TABLES)) {
    db.exec(`create table "${table}" (id integer primary key autoincrement, ${columns})`);
  }
  for (const [table, all] of Object.entries(rows)) {
    for (const row of all) {
      const keys = Object.keys(row);
      const names = keys.map((key) => `"${key}"`).join(', ');
      db.prepare(`insert into "${table}" (${names}) values (${keys.map(() => '?').join(', ')})`).run(
        ...Object.values(row),
      );
    }
  }
  db.exec('commit');
  return db;
}

/** One monitor of each kind that is carried over; every number of a kind has an address of its own. */
export const KUMA_KINDS: Readonly<Record<string, (number: number) => KumaRow>> = {
  http: (n) => ({ url: `https://shop-${n}.example/health`, maxretries: 2, retry_interval: 20, timeout: 48 }),
  keyword: (n) => ({ url: `https://shop-${n}.example/`, keyword: 'Add to cart', invert_keyword: n % 2 }),
  'json-query': (n) => ({
    url: `https://shop-${n}.example/stats`,
    json_path: 'queue.waiting',
    json_path_operator: n % 2 === 0 ? '<' : '!=',
    expected_value: '100',
  }),
  'real-browser': (n) => ({ url: `https://shop-${n}.example/checkout` }),
  port: (n) => ({ hostname: `mail-${n}.example`, port: 25, upside_down: n % 2 }),
  ping: (n) => ({ hostname: `router-${n}.example`, ping_count: 3 }),
  dns: (n) => ({ hostname: `shop-${n}.example`, dns_resolve_type: 'A', dns_resolve_server: '1.1.1.1', port: 53 }),
  push: (n) => ({ push_token: `token-${String(n).padStart(26, '0')}`, interval: 3600 }),
  docker: (n) => ({ docker_container: `shop-db-${n}`, docker_host: 1 }),
  manual: () => ({ manual_status: 1 }),
  'grpc-keyword': (n) => ({
    grpc_url: `users-${n}.example:50051`,
    grpc_service_name: 'grpc.health.v1.Health',
    grpc_method: 'Check',
    grpc_body: '{"service":"shop.v1.Users"}',
    keyword: 'SERVING',
  }),
  'websocket-upgrade': (n) => ({ url: `wss://shop-${n}.example/live`, accepted_statuscodes_json: '["1000"]' }),
  mqtt: (n) => ({
    hostname: `mq-${n}.example`,
    port: 1883,
    mqtt_topic: 'sensors/hall',
    mqtt_success_message: '°C',
    mqtt_username: 'app',
    mqtt_password: 'mqtt-hush',
  }),
  rabbitmq: (n) => ({
    rabbitmq_nodes: JSON.stringify([`https://mq-${n}.example:15672`]),
    rabbitmq_username: 'app',
    rabbitmq_password: 'rabbit-hush',
  }),
  postgres: (n) => ({
    database_connection_string: `postgres://app:pg-hush@db-${n}.example:5432/shop`,
    database_query: 'SELECT 1',
  }),
  mysql: (n) => ({
    database_connection_string: `mysql://app:my-hush@db-${n}.example:3306/shop`,
    database_query: 'SELECT 1',
  }),
  mongodb: (n) => ({ database_connection_string: `mongodb://app:mongo-hush@db-${n}.example:27017/shop` }),
  redis: (n) => ({ database_connection_string: `redis://:redis-hush@cache-${n}.example:6379` }),
  smtp: (n) => ({ hostname: `mail-${n}.example`, port: 587, smtp_security: 'starttls' }),
  'system-service': (n) => ({ system_service_name: `shop-${n}` }),
  ntp: (n) => ({ hostname: `time-${n}.example` }),
  snmp: (n) => ({
    hostname: `switch-${n}.example`,
    port: 161,
    snmp_community_string: 'snmp-hush',
    snmp_oid: '1.3.6.1.2.1.2.2.1.8.1',
    snmp_version: '2c',
    json_path_operator: '==',
    expected_value: '1',
  }),
  steam: (n) => ({ hostname: `game-${n}.example`, port: 27015 }),
  gamedig: (n) => ({ hostname: `game-${n}.example`, port: 25565, game: n % 2 === 0 ? 'minecraft' : 'valheim' }),
  'kafka-producer': (n) => ({
    kafka_producer_brokers: JSON.stringify([`a-${n}.example:9092`, `b-${n}.example:9092`]),
    kafka_producer_topic: 'orders',
    kafka_producer_ssl: 1,
    kafka_producer_sasl_options: '{"mechanism":"SCRAM-SHA-512","username":"app","password":"kafka-hush"}',
  }),
};
