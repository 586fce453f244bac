import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { compose } from '../../../src/monitoring/types/compose.ts';
import { eventually } from '../../support/eventually.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { rootTest } from '../../support/root.ts';
import { startDocker } from '../../support/servers/docker.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveTcp } from '../../support/servers/misbehaving.ts';
import { tryType } from '../../support/type-trial.ts';

const WELL = { Status: 'running' };
const ILL = { Status: 'running', Health: { Status: 'unhealthy' } };
const ENDED = { Status: 'exited', ExitCode: 1 };
const STARTING = { Status: 'running', Health: { Status: 'starting' } };

/** Answers as the Docker Engine API is documented to; a real one is asked further down. */
const service =
  (...states: readonly object[]) =>
  async (t: TestContext) => {
    const ids = states.map((_state, index) => String(index).padStart(12, 'a'));
    const port = await serveHttp(t, ({ url = '' }, response) => {
      const index = ids.findIndex((id) => url === `/containers/${id}/json`);
      const one = { Name: `/shop-web-${index + 1}`, RestartCount: 1, State: states[index] };
      response.end(JSON.stringify(index === -1 ? ids.map((Id) => ({ Id })) : one));
    });
    return { compose: 'web', project: 'shop', engine: `tcp://127.0.0.1:${port}` };
  };

const listens = (port: number) => ({ compose: 'web', project: 'shop', engine: `tcp://127.0.0.1:${port}` });

tryType(compose, {
  up: service(WELL, WELL),
  down: async () => listens(await closedPort()),
  degraded: service(WELL, ENDED),
  silent: async (t) => listens(await serveTcp(t, () => undefined)),
  hostile: {
    'tells of no list': async (t) =>
      listens(await serveHttp(t, (_request, response) => void response.end('{"message":"\\u001b[31m"}'))),
    'names containers by a path': async (t) =>
      listens(await serveHttp(t, (_request, response) => void response.end('[{"Id":"../../info"}]'))),
    'never ends its answer': async (t) => listens(await serveHttp(t, (_request, response) => pourWithoutEnd(response))),
    'tells of containers in another way': service({ Status: 7 }),
  },
  rejected: 'What an engine asks credentials for is tried with the type docker, which asks in the same way.',
});

const JUDGED: readonly (readonly [readonly object[], number, string, string])[] = [
  [[], 1, 'down', 'has no container of web in project shop.'],
  [[ENDED, ILL], 1, 'down', '0 of 2 containers of web are well. shop-web-1 has ended with code 1.'],
  [[STARTING, ENDED], 1, 'degraded', '0 of 2 containers of web are well. shop-web-1 has started'],
  [[WELL, ILL], 1, 'degraded', '1 of 2 containers of web are well. shop-web-2 fails its health check.'],
  [[WELL, WELL], 3, 'degraded', '2 of 2 containers of web are well, expected at least 3.'],
];

for (const [states, least, state, reason] of JUDGED) {
  test(`compose: ${states.length} containers where ${least} are expected: ${reason}`, async (t) => {
    const result = await probe(compose, { ...(await service(...states)(t)), replicas_min: least });

    assert.equal(result?.state, state);
    assert.ok(reasonOf(result).includes(reason), reasonOf(result));
  });
}

test('compose: each container is a part, and how often they were restarted is measured', async (t) => {
  const result = await probe(compose, await service(WELL, ILL)(t));

  assert.deepEqual(result?.parts, [
    { name: 'shop-web-1', state: 'up', detail: null },
    { name: 'shop-web-2', state: 'down', detail: 'shop-web-2 fails its health check.' },
  ]);
  assert.deepEqual(result.readings, { containers: 2, healthy: 1, restarts: 2 });
});

rootTest('compose: a real engine finds the containers of one service of one project', async (t) => {
  const real = await startDocker(t);
  const labelled = (project: string, name: string, oneoff = 'False') =>
    Object.entries({ project, service: name, oneoff }).flatMap(([key, value]) => [
      '--label',
      `com.docker.compose.${key}=${value}`,
    ]);
  await Promise.all([
    real.run('shop-web-1', 'exec sleep 600', labelled('shop', 'web')),
    real.run('shop-web-2', 'exec sleep 600', labelled('shop', 'web')),
    real.run('shop-web-run-1', 'exit 1', labelled('shop', 'web', 'True')),
    real.run('shop-db-1', 'exit 1', labelled('shop', 'db')),
    real.run('blog-web-1', 'exit 1', labelled('blog', 'web')),
  ]);
  const look = (settings: object = {}) =>
    probe(compose, { compose: 'web', project: 'shop', engine: real.engine, ...settings });

  const result = await look({ replicas_min: 2 });
  assert.deepEqual([result?.state, result?.readings?.['containers']], ['up', 2]);
  await eventually(async () =>
    assert.equal(
      reasonOf(await look({ compose: 'db' })),
      '0 of 1 containers of db are well. shop-db-1 has ended with code 1.',
    ),
  );

  await real.control('kill', 'shop-web-2');
  await eventually(async () =>
    assert.match(reasonOf(await look()), /^1 of 2 .* shop-web-2 has ended with code 137\.$/),
  );
});
