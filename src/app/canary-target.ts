// `import … from 'node:http'` also loads all of undici, for one of its exports: 16 MB and 30 ms of a start.
const { createServer } = process.getBuiltinModule('node:http');

export interface CanaryTarget {
  readonly url: string;
  close(): Promise<void>;
}

/** Something on this machine that never works, so that there is always one failure that must be noticed. */
export async function openCanaryTarget(): Promise<CanaryTarget> {
  const server = createServer((_request, response) => {
    response.writeHead(503, { 'content-type': 'text/plain', connection: 'close' });
    response.end('This is meant to fail.\n');
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  // Nothing here is worth keeping a process alive for.
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The target of the canary has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async close() {
      server.closeAllConnections();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}
