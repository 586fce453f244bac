import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { tryImport } from '../support/import-trial.ts';
import { requireProgram } from '../support/servers/install.ts';

const BLACKBOX = `
modules:
  http_2xx: { prober: http, timeout: 5s, http: { preferred_ip_protocol: ip4 } }
  http_login:
    prober: http
    http:
      method: POST
      basic_auth: { username: probe, password: hunter2 }
      fail_if_not_ssl: true
      fail_if_body_not_matches_regexp: ["Welcome to our shop"]
      tls_config: { ca_file: ca.pem }
  tcp_connect: { prober: tcp }
  ssh_banner: { prober: tcp, tcp: { query_response: [{ expect: "^SSH-2.0-" }, { send: "SSH-2.0-probe" }] } }
  smtp_starttls:
    prober: tcp
    tcp:
      query_response: [{ expect: "^220 " }, { send: "EHLO probe\\r" }, { expect: "^250-STARTTLS" }, { send: "STARTTLS\\r" }, { expect: "^220" }, { starttls: true }, { send: "QUIT\\r" }]
  irc_banner: { prober: tcp, tcp: { query_response: [{ send: "NICK probe" }, { send: "USER probe" }, { expect: "PING :([^ ]+)", send: "PONG \${1}" }] } }
  icmp: { prober: icmp, timeout: 5s, icmp: { preferred_ip_protocol: ip4 } }
  dns_mx: { prober: dns, dns: { query_name: shop.example, query_type: MX, valid_rcodes: [NOERROR] } }
  grpc: { prober: grpc, grpc: { tls: true, preferred_ip_protocol: ip4 } }
`;

const RELABELLING = `
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { target_label: __address__, replacement: "127.0.0.1:9115" }
`;

function job(module: string, ...targets: readonly string[]): string {
  return `  - job_name: ${module}\n    metrics_path: /probe\n    params: { module: [${module}] }\n    static_configs: [{ targets: ${JSON.stringify(targets)} }]${RELABELLING}`;
}

const PROMETHEUS = `
global: { scrape_interval: 30s, scrape_timeout: 8s }
rule_files: [alerts.yml]
scrape_configs:
  - { job_name: node, static_configs: [{ targets: ["127.0.0.1:9100"] }] }
${[
  job('http_2xx', 'https://shop.example/health', 'shop.example'),
  job('http_login', 'https://shop.example/login'),
  job('tcp_connect', 'cache.example:6379'),
  job('ssh_banner', 'shop.example:22'),
  job('smtp_starttls', 'mail.example:587'),
  job('irc_banner', 'irc.example:6667'),
  job('icmp', 'router.example'),
  job('dns_mx', '192.0.2.53'),
  job('grpc', 'users.example:443'),
].join('')}`;

test('what moves in below are files that Prometheus and its exporter accept', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-blackbox-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [file, text] of [
    ['blackbox.yml', BLACKBOX],
    ['prometheus.yml', PROMETHEUS],
    ['alerts.yml', 'groups: []'],
    ['ca.pem', CERTIFICATE],
  ] as const) {
    writeFileSync(path.join(folder, file), text);
  }
  const run = promisify(execFile);
  const exporter = requireProgram({ name: 'prometheus-blackbox-exporter', packages: ['prometheus-blackbox-exporter'] });
  const promtool = requireProgram({ name: 'promtool', packages: ['prometheus'] });

  const accepted = await run(exporter, ['--config.check', '--config.file=blackbox.yml'], { cwd: folder });
  const checked = await run(promtool, ['check', 'config', 'prometheus.yml'], { cwd: folder });

  assert.match(accepted.stderr + accepted.stdout, /Config file is ok/);
  assert.match(checked.stdout, /SUCCESS/);
});

test('a Blackbox exporter moves in with one command, and a second run changes nothing', async (t) => {
  const { manifest, left, text } = await tryImport(
    t,
    { 'prometheus/blackbox.yml': BLACKBOX, 'prometheus/prometheus.yml': PROMETHEUS, 'ca.pem': CERTIFICATE },
    { source: 'blackbox', where: 'prometheus' },
  );
  const { monitors = {} } = manifest.manifest;
  assert.deepEqual(Object.keys(monitors), [
    'shop-example-health',
    'shop-example',
    'shop-example-login',
    'cache-example-6379',
    'shop-example-22',
    'mail-example-587',
    'router-example',
    '192-0-2-53',
    'users-example-443',
  ]);
  assert.deepEqual([monitors['shop-example']?.every, monitors['shop-example']?.timeout], [30_000, 5000]);
  assert.deepEqual(Object.keys(left), ['node', 'irc.example:6667']);
  assert.match(left['irc.example:6667'] ?? '', /^prometheus\/prometheus\.yml:\d+ .*talks for longer/);
  assert.ok(!text('evenkeel.d/imported-blackbox.yaml').includes('hunter2'));
  assert.match(text('.env'), /='hunter2'/);
});

/** Its content is nobody's: only its form is looked at. */
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
