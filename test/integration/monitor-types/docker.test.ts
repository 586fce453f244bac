import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { docker } from '../../../src/monitoring/types/docker.ts';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { eventually } from '../../support/eventually.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { rootTest } from '../../support/root.ts';
import { authority, type Certificate } from '../../support/servers/certificates.ts';
import { startDocker } from '../../support/servers/docker.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveTcp, serveTls } from '../../support/servers/misbehaving.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

/** Answers as the Docker Engine API is documented to; a real one is asked further down. */
async function engineThatSays(t: TestContext, status: number, said: unknown): Promise<string> {
  const port = await serveHttp(t, (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  });
  return `tcp://127.0.0.1:${port}`;
}

const inState = (state: object) => async (t: TestContext) => ({
  docker: 'shop-db-1',
  engine: await engineThatSays(t, 200, { Name: '/shop-db-1', RestartCount: 0, State: state }),
});

tryType(docker, {
  up: inState({ Status: 'running', Health: { Status: 'healthy' } }),
  down: async () => ({ docker: 'shop-db-1', engine: `tcp://127.0.0.1:${await closedPort()}` }),
  degraded: inState({ Status: 'running', Health: { Status: 'starting' } }),
  silent: async (t) => ({ docker: 'shop-db-1', engine: `tcp://127.0.0.1:${await serveTcp(t, () => undefined)}` }),
  hostile: {
    'says nothing of HTTP': async (t) => ({
      docker: 'shop-db-1',
      engine: `tcp://127.0.0.1:${await serveTcp(t, (socket) => socket.end('\u001b[31mhello\n'))}`,
    }),
    'never ends its answer': async (t) => ({
      docker: 'shop-db-1',
      engine: `tcp://127.0.0.1:${await serveHttp(t, (_request, response) => pourWithoutEnd(response))}`,
    }),
    'tells of a list': async (t) => ({ docker: 'shop-db-1', engine: await engineThatSays(t, 200, [[[]]]) }),
    'tells of a state that nobody knows': inState({ Status: '\u001b[31mhush\n'.repeat(100) }),
    'refuses in its own words': async (t) => ({
      docker: 'shop-db-1',
      engine: await engineThatSays(t, 500, { message: '\u001b[31m\n'.repeat(1_000) }),
    }),
  },
  async rejected(t) {
    const ours = authority(t);
    const port = await serveTls(t, demanding(ours.issue(), authority(t).certificate), () => undefined);
    const { certificate, key } = ours.issue();
    return {
      docker: 'shop-db-1',
      engine: `tcp://127.0.0.1:${port}`,
      authority: ours.certificate,
      client_certificate: { certificate, key: `${PLANTED}\n${key}` },
    };
  },
});

function demanding({ certificate: cert, key }: Certificate, ca: string) {
  return { cert, key, ca, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' } as const;
}

const FAULTS: readonly (readonly [object, string | undefined])[] = [
  [{ Status: 'running' }, undefined],
  [{ Status: 'running', Health: { Status: 'none' } }, undefined],
  [{ Status: 'running', Health: { Status: 'unhealthy' } }, 'fails its health check.'],
  [{ Status: 'paused' }, 'is paused.'],
  [{ Status: 'created' }, 'was made and never started.'],
  [{ Status: 'dead', ExitCode: 1 }, 'has ended with code 1.'],
  [{ Status: 'restarting', ExitCode: 2 }, 'ends again and again, the last time with code 2.'],
];

for (const [state, fault] of FAULTS) {
  test(`docker: ${JSON.stringify(state)} is ${fault ?? 'up'}`, async (t) => {
    const result = await probe(docker, await inState(state)(t));

    if (fault === undefined) assert.equal(result?.state, 'up');
    else assert.equal(reasonOf(result), `shop-db-1 ${fault}`);
  });
}

test('docker: where no engine listens it says so', async () => {
  assert.equal(
    reasonOf(await probe(docker, { docker: 'shop-db-1', engine: 'unix:///not/there/docker.sock' })),
    'There is no Docker at /not/there/docker.sock.',
  );
});

test('docker: an engine that wants another certificate says so, and one without its key is refused', async (t) => {
  const ours = authority(t);
  const port = await serveTls(t, demanding(ours.issue(), authority(t).certificate), () => undefined);
  const engine = `tcp://127.0.0.1:${port}`;

  const result = await probe(docker, { docker: 'shop', engine, authority: ours.certificate });

  assert.equal(reasonOf(result), `Docker at 127.0.0.1:${port} wants a client certificate that it trusts.`);
  const half = { docker: 'shop', engine, client_certificate: { certificate: ours.certificate } };
  assert.match(String(docker.settings.safeParse(half).error), /"key"/);
});

test('docker: an engine behind TLS that trusts our certificate is asked', async (t) => {
  const ours = authority(t);
  const { certificate, key } = ours.issue();
  const said = JSON.stringify({ Name: '/shop', State: { Status: 'running' } });
  const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${said.length}\r\n\r\n${said}`;
  const port = await serveTls(t, demanding(ours.issue(), ours.certificate), (socket) => {
    socket.once('data', () => socket.end(answer));
  });
  const settings = { authority: ours.certificate, client_certificate: { certificate, key } };

  assert.equal((await probe(docker, { docker: 'shop', engine: `tcp://127.0.0.1:${port}`, ...settings }))?.state, 'up');
});

test('docker: what is no name of a container never gets into an address', () => {
  for (const name of ['../info', 'a/b', 'a?b=c', '-a', 'ab\n', '']) {
    assert.ok(!docker.settings.safeParse({ docker: name }).success, name);
  }
  for (const engine of ['ftp://docker', 'unix://', 'tcp://', 'tcp://user:hush@docker', 'docker']) {
    assert.ok(!docker.settings.safeParse({ docker: 'shop', engine }).success, engine);
  }
});

test('docker: who came in over the API cannot reach a socket of this machine', async () => {
  const io = fakeIo({ clock: systemClock, net: createNet({ policy: 'api', clock: systemClock }) });

  const result = await docker.prepare(docker.settings.parse({ docker: 'shop' }))(io);

  assert.match(reasonOf(result), /socket of this machine/);
});

rootTest('docker: a real engine tells of containers that are well, ill, ended and never were', async (t) => {
  const real = await startDocker(t);
  const healthCheck = (command: string) => [
    '--health-cmd',
    command,
    '--health-interval',
    '100ms',
    '--health-retries',
    '1',
  ];
  await Promise.all([
    real.run('plain', 'exec sleep 600'),
    real.run('well', 'exec sleep 600', healthCheck('true')),
    real.run('ill', 'exec sleep 600', healthCheck('false')),
    real.run('failed', 'exit 3'),
    real.run('greedy', 'x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done', ['--memory', '8m']),
    real.run('again', 'exit 4', ['--restart', 'always']),
  ]);
  const look = (name: string) => probe(docker, { docker: name, engine: real.engine });

  assert.equal((await look('plain'))?.state, 'up');
  await eventually(async () => assert.equal((await look('well'))?.state, 'up'));
  await eventually(async () => assert.equal(reasonOf(await look('ill')), 'ill fails its health check.'));
  await eventually(async () => assert.equal(reasonOf(await look('failed')), 'failed has ended with code 3.'));
  await eventually(async () =>
    assert.equal(reasonOf(await look('greedy')), 'greedy was ended for using too much memory (code 137).'),
  );
  await eventually(async () =>
    assert.match(reasonOf(await look('again')), /^again ends again and again, .* code 4\.$/),
  );
  assert.ok(((await look('again'))?.readings?.['restarts'] ?? 0) > 0);
  assert.match(reasonOf(await look('never')), /^Docker at \/.* has no container never\.$/);
});
