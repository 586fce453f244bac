/** What is checked, in a process of its own: a few ports that answer `ok`. Says them, and on request how often it was asked. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';

/** Several, so that no pair of addresses runs out of free ports when a thousand connections a second come and go. */
const PORTS = 4;
/** All targets of a rack may be asked within one moment after a start. */
const BACKLOG = 8_192;

let answered = 0;
const ports: number[] = [];
for (let index = 0; index < PORTS; index += 1) {
  const server = createServer((_request, response) => {
    answered += 1;
    response.end('ok');
  });
  server.listen(0, '127.0.0.1', BACKLOG);
  await once(server, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
  ports.push((server.address() as AddressInfo).port);
}
process.on('message', () => process.send?.({ answered }));
process.once('disconnect', () => process.exit());
process.send?.({ ports });
