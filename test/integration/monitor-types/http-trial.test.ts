import type { MonitorType } from '../../../src/monitoring/monitor-type.ts';
import { http } from '../../../src/monitoring/types/http.ts';
import { steps } from '../../../src/monitoring/types/steps.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveTcp } from '../../support/servers/misbehaving.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

type Asked = (url: string, settings?: object) => object;

/** Both make web requests by the same keys: one of them alone, one as a step. */
function tryRequests(type: MonitorType, asked: Asked): void {
  const answering = (status: number, settings: object = {}) => {
    return async (t: Parameters<typeof serveHttp>[0]) => {
      const port = await serveHttp(t, (request, response) => {
        response.writeHead(status).end(`${request.url} ${request.headers.authorization}`);
      });
      return asked(`http://127.0.0.1:${port}/?key=${PLANTED}`, settings);
    };
  };
  tryType(type, {
    up: answering(200),
    down: async () => asked(`http://127.0.0.1:${await closedPort()}/?key=${PLANTED}`),
    degraded: answering(200, { expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } }),
    silent: async (t) => asked(`http://127.0.0.1:${await serveTcp(t, () => undefined)}/`),
    hostile: {
      async 'speaks another protocol'(t) {
        const port = await serveTcp(t, (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
        return asked(`http://127.0.0.1:${port}/`);
      },
      async 'never ends, where its body is asked for'(t) {
        const port = await serveHttp(t, (_request, response) => pourWithoutEnd(response));
        return asked(`http://127.0.0.1:${port}/`, { expect: ['[BODY] == "fine"'] });
      },
    },
    rejected: answering(401, { auth: { basic: { user: 'ada', password: PLANTED } }, expect: ['[BODY] == "fine"'] }),
  });
}

tryRequests(http, (url, settings) => ({ http: url, ...settings }));
tryRequests(steps, (url, settings) => ({ steps: [{ name: 'look', http: url, ...settings }] }));
