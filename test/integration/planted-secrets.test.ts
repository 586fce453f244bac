import assert from 'node:assert/strict';
import type { Duplex } from 'node:stream';
import { describe, type TestContext, test } from 'node:test';
import type { HttpRequest, Net } from '../../src/kernel/net.ts';
import { monitorTypes } from '../../src/monitoring/index.ts';
import type { Check, CheckResult, MonitorType } from '../../src/monitoring/monitor-type.ts';
import { createNet } from '../../src/platform/net/net.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { loadedText } from '../support/manifests.ts';
import { fakeIo } from '../support/probe-io.ts';
import { serveHttp, serveTcp } from '../support/servers/misbehaving.ts';
import { PLANTED } from '../support/type-trial.ts';

const TIMEOUT_MS = 700;
/** They ask nobody over a network, or open a browser of their own. */
const ASK_NOBODY = ['browser', 'compose', 'docker', 'host', 'log', 'process', 'systemd'];

/** Whatever is said to these comes back, credentials and all. */
type Answer = (said: string) => { readonly status: number; readonly text: string };

const ANSWERS: Readonly<Record<string, Answer>> = {
  'as text': (said) => ({ status: 200, text: said }),
  'as JSON': (said) => ({
    status: 200,
    text: JSON.stringify({ status: said, error: said, message: [said], data: { version: said } }),
  }),
  'as an error': (said) => ({ status: 500, text: said }),
  'as a refusal': (said) => ({ status: 401, text: said }),
};

const types = await monitorTypes.loadAll();

/** Types that really said theirs: a test that plants nothing would prove nothing. */
const spoken = new Set<string>();

describe('what a target says back of what it was told', { concurrency: 8 }, () => {
  for (const type of types.filter((each) => !each.isPush && !ASK_NOBODY.includes(each.type))) {
    test(`is not shown by the monitor type ${type.type} where it is secret`, async (t) => {
      const check = await preparedWithSecrets(type);

      const results = await Promise.all(Object.values(ANSWERS).map((answer) => resultOf(t, type.type, check, answer)));

      const said = JSON.stringify(results);
      for (const form of formsOf(PLANTED)) assert.ok(!said.includes(form), `${type.type} shows a secret: ${said}`);
    });
  }
});

test('the credentials of many types were really said to a target', () => {
  assert.ok(spoken.size >= 15, `Only these did: ${[...spoken].join(', ')}`);
});

async function resultOf(t: TestContext, type: string, check: Check, answer: Answer): Promise<CheckResult | undefined> {
  const listen = (text: string) => {
    if (formsOf(PLANTED).some((form) => text.includes(form))) spoken.add(type);
  };
  const http = await serveHttp(t, (request, response) => {
    const told = [request.url, ...request.rawHeaders];
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => void told.push(chunk));
    request.on('end', () => {
      listen(told.join('\n'));
      const { status, text } = answer(told.join('\n'));
      response.writeHead(status, { 'x-echo': encodeURIComponent(told.join()).slice(0, 2_000) }).end(text);
    });
  });
  const tcp = await serveTcp(t, (socket) => {
    socket.on('data', (chunk: Buffer) => listen(chunk.toString('latin1')));
    socket.pipe(socket);
  });
  const signal = systemClock.timeout(TIMEOUT_MS);
  return check(fakeIo({ clock: systemClock, net: leadingTo({ http, tcp }), signal, timeoutMs: TIMEOUT_MS }));
}

/** The example of its reference, every credential in it planted. */
async function preparedWithSecrets({ type, example }: MonitorType) {
  const planted = example
    .replaceAll(/\/\/(?<user>[\w.-]+)(?::[^@\s"]*)?@/g, `//$<user>:${PLANTED}@`)
    .replaceAll(/(?<=:\/\/)(?=[\w.-]+\.example)/g, type === 'http' || type === 'websocket' ? '' : `user:${PLANTED}@`);
  const variables = Object.fromEntries(
    [...planted.matchAll(/\$\{(?<name>\w+)/g)].map((match) => [match.groups?.['name'] ?? '', PLANTED]),
  );
  const text = `app: shop\nmonitors:\n${planted.replaceAll(/^(?=.)/gm, '  ')}\n`;
  const { manifest } = await loadedText(text, { variables });
  const [entry = {}] = Object.values(manifest.monitors ?? {});
  const found = monitorTypes.get(type);
  const own = Object.keys(found.settings.shape).flatMap((key) => (key in entry ? [[key, entry[key]] as const] : []));
  return found.prepare(Object.fromEntries(own));
}

/** A network in which every address leads to one of two servers of this test. */
function leadingTo(port: { readonly http: number; readonly tcp: number }): Net {
  const net = createNet({ policy: 'manifest', clock: systemClock });
  return {
    ...net,
    http: {
      send: ({ url, signal, ...request }: HttpRequest) => {
        const { pathname, search } = new URL(url);
        const { clientCertificate: _c, authority: _a, proxy: _p, family: _f, ...rest } = request;
        return net.http.send({ ...rest, signal, url: `http://127.0.0.1:${port.http}${pathname}${search}` });
      },
    },
    tcp: {
      connect: (_target, signal): Promise<Duplex> => net.tcp.connect({ host: '127.0.0.1', port: port.tcp }, signal),
    },
    tls: { inspect: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })) },
    udp: {
      // It gives back what it got; what is no answer is waited for until the deadline.
      exchange: async (_target, datagram, isAnswer, signal) => {
        if (isAnswer(datagram)) return datagram;
        await systemClock.sleep(TIMEOUT_MS * 2, signal);
        throw new Error('The deadline comes first.');
      },
    },
    ping: { send: () => Promise.reject(Object.assign(new Error('lost'), { code: 'EHOSTUNREACH' })) },
    resolve: async () => ['127.0.0.1'],
    nameServers: () => ['127.0.0.1'],
  };
}

/** As it may come out after somebody wrapped it. In base64, what stands before it decides which of three it is. */
function formsOf(secret: string): readonly string[] {
  const wrapped = ['', 'x', 'xx'].map((before) =>
    Buffer.from(before + secret)
      .toString('base64')
      .slice(4, 20),
  );
  return [secret, encodeURIComponent(secret), ...wrapped, Buffer.from(secret).toString('hex')];
}
