import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planOf } from '../../../../test/support/import-plan.ts';
import { EvenkeelError } from '../../../kernel/errors.ts';
import { Unlike } from '../../unlike.ts';
import { blackbox } from './index.ts';
import { globOf, plainPattern } from './patterns.ts';

const PROMETHEUS = (target: string, more = '') =>
  `scrape_configs:\n  - job_name: asked\n    metrics_path: /probe\n    params: { module: [it] }\n    static_configs: [{ targets: ["${target}"] }]\n${more}`;

async function entryOf(module: string, target: string) {
  const files = { 'p/blackbox.yml': `modules:\n  it: ${module}\n`, 'p/prometheus.yml': PROMETHEUS(target) };
  const { entries, notes, secrets } = await planOf(blackbox, 'p', files);
  const [title = ''] = Object.keys(entries);
  const entry = entries[title];
  return { entry, notes: notes[title] ?? [], secrets };
}

const TIMED = { every: '1m', timeout: '10s' };

test('each prober becomes the type that asks the same', async () => {
  const cases: readonly (readonly [module: string, target: string, entry: Readonly<Record<string, unknown>>])[] = [
    ['{ prober: http }', 'https://shop.example/', { http: 'https://shop.example/' }],
    ['{ prober: http }', 'shop.example', { http: 'http://shop.example' }],
    [
      '{ prober: icmp, icmp: { preferred_ip_protocol: ip4, ip_protocol_fallback: false } }',
      'router.example',
      { ping: 'router.example', ip: 4 },
    ],
    ['{ prober: icmp, icmp: { preferred_ip_protocol: ip4 } }', 'router.example', { ping: 'router.example' }],
    ['{ prober: tcp }', 'cache.example:6379', { tcp: 'cache.example:6379' }],
    [
      '{ prober: tcp, tcp: { tls: true, tls_config: { server_name: shop.example } } }',
      'ldap.example:636',
      { tls: 'ldap.example:636', server_name: 'shop.example' },
    ],
    [
      '{ prober: grpc, grpc: { service: shop.Users, tls: true } }',
      'users.example:443',
      { grpc: 'grpcs://users.example:443', service: 'shop.Users' },
    ],
    [
      '{ prober: dns, dns: { query_name: shop.example, query_type: MX, valid_rcodes: [NOERROR, NXDOMAIN] } }',
      '192.0.2.53',
      { dns: 'shop.example', record: 'MX', server: '192.0.2.53', expect: ['[DNS_RCODE] == any(NOERROR, NXDOMAIN)'] },
    ],
    [
      '{ prober: tcp, tcp: { query_response: [{ expect: "^SSH-2.0-" }] } }',
      'a.example:22',
      { tcp: 'a.example:22', banner: 'SSH-2.0-' },
    ],
    [
      '{ prober: tcp, tcp: { query_response: [{ expect: "^220" }, { send: "EHLO probe" }, { expect: "250" }, { send: QUIT }] } }',
      'a.example:25',
      { tcp: 'a.example:25', banner: '220', send: 'EHLO probe\n', contains: '250' },
    ],
    [
      '{ prober: tcp, tcp: { query_response: [{ expect: "^220" }, { send: "EHLO probe" }, { send: STARTTLS }, { starttls: true }] } }',
      'a.example:587',
      { starttls: 'smtp://a.example:587' },
    ],
  ];
  for (const [module, target, entry] of cases) {
    assert.deepEqual((await entryOf(module, target)).entry, { ...entry, ...TIMED }, module);
  }
});

test('what a web page has to be like is kept condition by condition', async () => {
  const { entry } = await entryOf(
    `{ prober: http, http: { ${[
      'fail_if_not_ssl: true',
      'fail_if_body_matches_regexp: ["Could not connect"]',
      'fail_if_body_not_matches_regexp: ["shop\\\\.example|our shop"]',
      'fail_if_header_matches: [{ header: Set-Cookie, allow_missing: true, regexp: ".*" }]',
      'fail_if_header_not_matches: [{ header: Content-Type, regexp: "^text/html" }]',
    ].join(', ')} } }`,
    'https://shop.example/',
  );
  assert.deepEqual(Object(entry).expect, [
    '[STATUS] == pat(2*)',
    '[CERTIFICATE_EXPIRATION] > 0s',
    '[BODY] != pat("*Could not connect*")',
    '[BODY] == any(pat("*shop.example*"), pat("*our shop*"))',
    'has([HEADERS]["set-cookie"]) == false',
    '[HEADERS]["content-type"] == pat("text/html*")',
  ]);
});

test('how a page is asked is kept, and what is secret goes elsewhere', async () => {
  const { entry, secrets } = await entryOf(
    `{ prober: http, timeout: 4s, http: { ${[
      'method: post',
      'headers: { Accept: text/plain, X-Token: abc }',
      'basic_auth: { username: probe, password_file: /etc/probe.password }',
      'tls_config: { insecure_skip_verify: true, ca_file: /etc/ca.pem }',
      'no_follow_redirects: true',
      'valid_status_codes: [200, 301]',
      'proxy_url: "http://me:hunter2@proxy.example:3128"',
    ].join(', ')} } }`,
    'https://shop.example/',
  );
  assert.deepEqual(entry, {
    http: 'https://shop.example/',
    method: 'POST',
    headers: { Accept: 'text/plain', 'X-Token': '${BLACKBOX_SHOP_EXAMPLE_X_TOKEN}' },
    auth: { basic: { user: 'probe', password: '${file:/etc/probe.password}' } },
    authority: '${file:/etc/ca.pem}',
    proxy: 'http://me:${BLACKBOX_SHOP_EXAMPLE_PROXY_PASSWORD}@proxy.example:3128',
    follow_redirects: false,
    verify_tls: false,
    expect: ['[STATUS] == any(200, 301)'],
    every: '1m',
    timeout: '4s',
  });
  assert.deepEqual(Object.values(secrets), ['abc', 'hunter2']);
});

test('what nothing here is like is said, and never watched more weakly', async () => {
  for (const module of [
    '{ prober: unix }',
    '{ prober: http, http: { valid_http_versions: ["HTTP/2.0"] } }',
    '{ prober: http, http: { fail_if_ssl: true } }',
    '{ prober: http, http: { fail_if_body_matches_regexp: ["err.r"] } }',
    '{ prober: http, http: { fail_if_body_not_matches_regexp: ["^ok$"] } }',
    '{ prober: http, http: { fail_if_body_json_matches_cel: "body.ok" } }',
    '{ prober: http, http: { tls_config: { server_name: other.example } } }',
    '{ prober: icmp, icmp: { payload_size: 1400 } }',
    '{ prober: dns, dns: { query_name: shop.example } }',
    '{ prober: dns, dns: { query_name: shop.example, query_type: A, validate_answer_rrs: { fail_if_matches_regexp: [x] } } }',
    '{ prober: tcp, tcp: { tls: true, tls_config: { insecure_skip_verify: true } } }',
    '{ prober: tcp, tcp: { ip_protocol_fallback: false } }',
    '{ prober: tcp, tcp: { query_response: [{ send: a }, { send: b }, { expect: c }] } }',
  ]) {
    assert.equal(typeof (await entryOf(module, 'https://shop.example/')).entry, 'string', module);
  }
});

test('jobs, files and labels say whom to ask, how and how often', async () => {
  const { entries, from } = await planOf(blackbox, 'p/prometheus.yml', {
    'p/blackbox.yml': 'modules: { page: { prober: http }, port: { prober: tcp } }',
    'p/prometheus.yml': [
      'global: { scrape_interval: 15s }',
      'scrape_configs:',
      '  - job_name: metrics',
      '    static_configs: [{ targets: ["a.example:9100"] }]',
      '  - job_name: pages',
      '    scrape_interval: 1h',
      '    scrape_timeout: 20s',
      '    params: { module: [page] }',
      '    file_sd_configs: [{ files: ["targets/*.json", "gone.yml"] }]',
      '    kubernetes_sd_configs: [{ role: ingress }]',
      '    relabel_configs:',
      '      - { source_labels: [__address__], target_label: __param_target }',
      '      - { source_labels: [how], target_label: __param_module }',
      '      - { source_labels: [__param_target], target_label: instance }',
      '      - { target_label: __address__, replacement: "127.0.0.1:9115" }',
      '  - job_name: chosen',
      '    params: { module: [page] }',
      '    relabel_configs: [{ source_labels: [__address__], regex: "(.*):80", target_label: __param_target }]',
      '    static_configs: [{ targets: ["c.example:80"] }]',
    ].join('\n'),
    'p/targets/one.json':
      '[{ "targets": ["https://shop.example"] },\n { "targets": ["b.example:22"], "labels": { "how": "port" } }]',
    'p/targets/notes.txt': 'nothing',
  });
  assert.deepEqual(entries['shop.example'], { http: 'https://shop.example', every: '1h', timeout: '20s' });
  assert.deepEqual(entries['b.example:22'], { tcp: 'b.example:22', every: '1h', timeout: '20s' });
  assert.equal(from['b.example:22'], 'p/targets/one.json:2');
  assert.equal(typeof entries['metrics'], 'string');
  assert.match(String(entries['chosen']), /__param_target/);
  assert.equal(from['chosen'], 'p/prometheus.yml:16');
  assert.equal(typeof entries['pages: kubernetes_sd_configs'], 'string');
  assert.equal(typeof entries['pages: gone.yml, which is not there'], 'string');
});

test('one file without the other says which one is missing', async () => {
  await assert.rejects(planOf(blackbox, 'p', { 'p/blackbox.yml': 'modules: {}' }), {
    code: 'IMPORT_UNREADABLE',
    message: /prometheus\.yml/,
  });
  await assert.rejects(planOf(blackbox, 'p', { 'p/prometheus.yml': PROMETHEUS('a') }), {
    code: 'IMPORT_UNREADABLE',
    message: /blackbox\.yml/,
  });
});

test('a pattern holds for no text that the regular expression does not find', () => {
  const regexp = fc
    .array(fc.constantFrom('a', 'b', '.', '\\.', '|', '^', '$', '*', '\\d', '(', ')', '\\*', '[a]', ' '), {
      maxLength: 8,
    })
    .map((signs) => signs.join(''));
  const text = fc
    .array(fc.constantFrom('a', 'b', '.', '*', ' ', '1', '\n'), { maxLength: 10 })
    .map((signs) => signs.join(''));
  fc.assert(
    fc.property(regexp, text, fc.boolean(), (written, found, isWanted) => {
      const pattern = attemptPattern(written, isWanted);
      if (pattern === undefined) return;
      const holds = pattern.texts.some((each) => {
        const at = pattern.isAtStart ? (found.startsWith(each) ? 0 : -1) : found.indexOf(each);
        return at >= 0 && (!pattern.isAtEnd || (found.endsWith(each) && (!pattern.isAtStart || found === each)));
      });
      const isFound = new RegExp(written).test(found);
      // Wanted: what holds is also found. Unwanted: what is found also holds.
      assert.ok(isWanted ? !holds || isFound : !isFound || holds, `${written} in ${JSON.stringify(found)}`);
    }),
    { numRuns: 2000 },
  );
  assert.equal(globOf(plainPattern('^a"b$', true), 'a"b'), String.raw`pat("a\"b")`);
});

function attemptPattern(regexp: string, isWanted: boolean) {
  try {
    return plainPattern(regexp, isWanted);
  } catch (error) {
    assert.ok(error instanceof Unlike);
    return undefined;
  }
}

test('no text makes it throw anything but that it cannot be read', async () => {
  const pieces = fc.constantFrom(
    '\n',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    'targets: ',
    'params: ',
    'module: ',
    'it',
    'relabel_configs: ',
    'static_configs: ',
    'file_sd_configs: ',
    'files: ',
    '"',
    '*',
    '&a ',
    '<<: ',
    '1m',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 30 }).map((each) => `scrape_configs:\n${each.join('')}`),
  );
  await fc.assert(
    fc.asyncProperty(text, text, async (prometheus, more) => {
      try {
        const modules = `modules: { it: { prober: http } }\n${more}`;
        await planOf(blackbox, 'p/prometheus.yml', { 'p/prometheus.yml': prometheus, 'p/blackbox.yml': modules });
      } catch (error) {
        assert.ok(error instanceof EvenkeelError && error.code === 'IMPORT_UNREADABLE', String(error));
      }
    }),
    { numRuns: 500 },
  );
});
