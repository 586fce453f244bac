import { closedPort, pourWithoutEnd, serveHttp, serveTcp } from './servers/misbehaving.ts';
import { serveRoutes } from './servers/routes.ts';
import { PLANTED, type TypeTrial } from './type-trial.ts';

/** What can happen to every product that is spoken to over HTTP; `settings` are those beside its address. */
export function webScenes(
  key: string,
  settings: object = {},
): Pick<TypeTrial, 'down' | 'silent' | 'hostile' | 'rejected'> {
  const at = (port: number, credentials = '') => ({ [key]: `http://${credentials}127.0.0.1:${port}`, ...settings });
  const credentials = `monitor:${PLANTED}@`;
  return {
    down: async () => at(await closedPort(), credentials),
    silent: async (t) => at(await serveTcp(t, () => undefined), credentials),
    rejected: async (t) => {
      const { url } = await serveRoutes(t, {}, { authorization: 'Bearer other' });
      return { ...settings, [key]: url, token: PLANTED };
    },
    hostile: {
      'serves a page': async (t) =>
        at(await serveHttp(t, (_request, response) => response.end('<html>\u001b[31m</html>'))),
      'answers with JSON of something else': async (t) =>
        at(await serveHttp(t, (_request, response) => response.end('{"status":{"indicator":7},"data":[null]}'))),
      'nests without end': async (t) =>
        at(await serveHttp(t, (_request, response) => response.end('['.repeat(500_000)))),
      'says back what it hears': async (t) => {
        const port = await serveHttp(t, (request, response) => {
          const error = `${request.url} ${JSON.stringify(request.headers)} ${PLANTED}`;
          response.writeHead(500).end(JSON.stringify({ error, message: error, status: 'error' }));
        });
        return at(port, credentials);
      },
      'pours without end': async (t) => at(await serveHttp(t, (_request, response) => pourWithoutEnd(response))),
      'speaks another protocol': async (t) => at(await serveTcp(t, (socket) => socket.end('SSH-2.0-Test\r\n'))),
      'hangs up in the middle': async (t) =>
        at(
          await serveTcp(t, (socket) =>
            socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"da')),
          ),
        ),
    },
  };
}
