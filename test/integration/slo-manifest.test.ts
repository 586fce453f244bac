import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadedText, loadText, saidOf } from '../support/manifests.ts';

const manifest = (slo: string) => `app: shop
services:
  api:
    url: https://api.shop.example
    slo: ${slo}
`;

for (const { slo, said } of [
  {
    slo: '{ availability: "100%" }',
    said: /^evenkeel\.yaml:5:26 services\.api\.slo\.availability: Nothing may ever fail at 100%.*Promise less, such as "99\.9%"\.$/,
  },
  { slo: '{ availability: "0%" }', said: /a percentage above 0%/ },
  { slo: '{ availability: "120%" }', said: /a percentage below 100%/ },
  { slo: '{ availability: "99,9%" }', said: /expected a percentage such as "99\.9%"/ },
  {
    slo: '{ over: 30d }',
    said: /services\.api\.slo: It promises nothing yet; write at least one of availability, p50, p95/,
  },
  {
    slo: '{ availability: "90%", burn: [{ severity: critical, long: 1h, short: 5m, factor: 14.4 }] }',
    said: /^evenkeel\.yaml:5:\d+ services\.api\.slo\.burn\[0\]\.factor: 14\.4 can never fire: availability promises 90 %, so even a total outage spends the budget only 10 times too fast\. Use at most 9\.9\.$/,
  },
  {
    slo: '{ p50: 1s, burn: [{ severity: critical, long: 1h, short: 5m, factor: 2 }] }',
    said: /2 can never fire: p50 promises 50 %.*Use at most 1\.99\.$/,
  },
  {
    slo: '{ availability: "99%", over: 7d, burn: [{ severity: info, long: 8d, short: 5m, factor: 1 }] }',
    said: /burn\[0\]\.long: The budget is that of 7d/,
  },
  {
    slo: '{ availability: "99%", burn: [{ severity: info, long: 1h, short: 1h, factor: 1 }] }',
    said: /burn\[0\]\.short: expected a shorter time than `long`/,
  },
  { slo: '{ availability: "99%", zone: Europe/Berlin }', said: /slo\.zone: .*belongs to week, month or quarter/ },
  { slo: '{ p95: 1s, counted: checks }', said: /slo\.counted: .*no availability is promised/ },
  { slo: '{ availability: "99%", over: 31d }', said: /slo\.over: .*7d.*Did you mean/ },
  { slo: '{ availabilty: "99%" }', said: /availabilty is not a known key\. Did you mean "availability"\?/ },
]) {
  test(`slo: ${slo} is refused where it stands, with what to write instead`, async () => {
    const result = await loadText(manifest(slo));

    assert.equal(result.outcome, 'invalid');
    assert.match(saidOf(result).join('\n'), said);
  });
}

test('services and monitors may promise everything there is, and nothing of it acts later', async () => {
  const loaded = await loadedText(`${manifest('{ availability: "99.9%", p95: 1s }')}monitors:
  job:
    heartbeat: 1h
    slo:
      availability: "99%"
      counted: checks
      over: month
      zone: Europe/Berlin
      maintenance: good
      degraded: bad
      min_checks: 5
      burn: [{ severity: critical, long: 1d, short: 2h, factor: 3 }]
      when_spent: { releases: blocked }
`);

  assert.deepEqual(saidOf(loaded), []);
  assert.equal(loaded.manifest.services?.['api']?.slo?.availability, 0.999);
  assert.equal(loaded.manifest.monitors?.['job']?.slo?.when_spent?.releases, 'blocked');
});
