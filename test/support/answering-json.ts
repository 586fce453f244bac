import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A server that answers these paths with JSON, and others with 404. `isLetIn` decides by the headers. */
export async function answeringJson(
  t: TestContext,
  answers: Readonly<Record<string, unknown>>,
  isLetIn: (headers: NodeJS.Dict<string | string[]>) => boolean = () => true,
): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    const status = isLetIn(request.headers) ? (answer === undefined ? 404 : 200) : 401;
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(status === 200 ? answer : {}));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => server.close());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
