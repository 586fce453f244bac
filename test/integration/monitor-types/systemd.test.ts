import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { systemd } from '../../../src/monitoring/types/systemd.ts';
import { createExec } from '../../../src/platform/exec/exec.ts';
import { createHostLook } from '../../../src/platform/host/host-look.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { eventually } from '../../support/eventually.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { rootTest } from '../../support/root.ts';
import { startSystemd } from '../../support/servers/systemd.ts';
import { tryType } from '../../support/type-trial.ts';

/** Says of a unit what is written here; systemctl(1) describes `show`, and the real one is asked further down. */
const ANSWERS: Readonly<Record<string, string>> = {
  'up.service': 'printf "LoadState=loaded\\nActiveState=active\\nSubState=running\\nResult=success\\nNRestarts=3\\n"',
  'failed.service': 'printf "LoadState=loaded\\nActiveState=failed\\nResult=exit-code\\n"',
  'starting.service': 'printf "LoadState=loaded\\nActiveState=activating\\nResult=success\\n"',
  'masked.service': 'printf "LoadState=masked\\nActiveState=inactive\\nResult=success\\n"',
  'silent.service': 'exec sleep 60',
  'nothing.service': 'true',
  'garbage.service': 'printf "ActiveState=\\033[31m\\000\\n=\\nLoadState"',
  'endless.service': 'exec yes ActiveState=active',
  'offline.service': 'echo "Failed to connect to bus: Host is down" >&2; exit 1',
  'broken.service': 'echo "Bad \\033[31m message" >&2; exit 4',
};

const programs = mkdtempSync(path.join(tmpdir(), 'evenkeel-systemctl-'));
after(() => rmSync(programs, { recursive: true }));
const cases = Object.entries(ANSWERS).map(([unit, answer]) => `*" -- ${unit}") ${answer} ;;`);
writeFileSync(path.join(programs, 'systemctl'), `#!/bin/sh\ncase " $*" in\n${cases.join('\n')}\nesac\n`, {
  mode: 0o755,
});
process.env['PATH'] = `${programs}:${process.env['PATH']}`;

const unit = (name: string) => async () => ({ systemd: name });

tryType(systemd, {
  up: unit('up.service'),
  down: unit('failed.service'),
  degraded: unit('starting.service'),
  silent: unit('silent.service'),
  hostile: {
    'says nothing': unit('nothing.service'),
    'says what systemd never says': unit('garbage.service'),
    'never ends': unit('endless.service'),
    'fails for some other reason': unit('broken.service'),
  },
  rejected: 'Whoever may run a program may ask systemd, without any credentials.',
});

test('systemd: the reason says what is wrong with a unit', async () => {
  const said = async (name: string) => reasonOf(await probe(systemd, { systemd: name }));

  assert.equal(await said('failed.service'), 'failed.service is failed (exit-code).');
  assert.equal(await said('masked.service'), 'masked.service is inactive, and its unit is masked.');
  assert.equal(
    await said('offline.service'),
    'systemd cannot be asked on this machine: it was not started with systemd.',
  );
  assert.equal((await probe(systemd, { systemd: 'up.service' }))?.readings?.['restarts'], 3);
});

test('systemd: where there is no systemctl it says so', async () => {
  const host = createHostLook({ clock: systemClock, folder: '/', exec: createExec({ path: '/not/there' }) });

  const result = await systemd.prepare(systemd.settings.parse({ systemd: 'a.service' }))(fakeIo({ host }));

  assert.equal(reasonOf(result), 'systemd cannot be asked on this machine: there is no systemctl.');
});

test('systemd: what is no name of a unit never reaches a program', () => {
  for (const name of ['--help.service', '-M.service', 'nginx', 'a b.service', '../a.service', 'a.service;reboot']) {
    assert.ok(!systemd.settings.safeParse({ systemd: name }).success, name);
  }
  for (const name of ['a@b.service', 'dev-sda1.device', String.raw`x\x2dy.mount`]) {
    assert.ok(systemd.settings.safeParse({ systemd: name }).success, name);
  }
});

rootTest('systemd: a real one tells of units that run, ended, failed and never were', async (t) => {
  const real = await startSystemd(t, {
    'works.service': '[Service]\nExecStart=/bin/sleep 600\n',
    'fails.service': '[Service]\nExecStart=/bin/false\n',
    'starts.service': '[Service]\nType=notify\nExecStart=/bin/sleep 600\n',
    'again.service': '[Unit]\nStartLimitBurst=1000\n[Service]\nRestart=always\nRestartSec=20ms\nExecStart=/bin/false\n',
  });
  const look = asked(real.programs);
  const startedAt = Date.now();
  await real.control('start', 'works.service');
  await real.control('start', '--no-block', 'fails.service', 'starts.service', 'again.service');

  assert.equal((await look('works.service'))?.state, 'up');
  await eventually(async () =>
    assert.match(reasonOf(await look('fails.service')), /^fails\.service is failed \(exit-code\) since/),
  );
  assert.equal((await look('starts.service'))?.state, 'degraded');
  assert.match(reasonOf(await look('never.service')), /^There is no unit never\.service on this machine\.$/);
  await eventually(async () => assert.ok(((await look('again.service'))?.readings?.['restarts'] ?? 0) > 1));

  const [, since = ''] = /since (?<since>.+) UTC/.exec(reasonOf(await look('fails.service'))) ?? [];
  assert.ok(Math.abs(Date.parse(`${since}Z`) - startedAt) < 5_000, since);
});

function asked(folder: string) {
  const exec = createExec({ path: `${folder}:${process.env['PATH']}` });
  const host = createHostLook({ clock: systemClock, folder: '/', exec });
  return (name: string) =>
    systemd.prepare(systemd.settings.parse({ systemd: name }))(fakeIo({ clock: systemClock, host }));
}
