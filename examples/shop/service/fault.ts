import type { IncomingMessage } from 'node:http';

/** The ways in which a part of the shop can be broken on purpose. */
export const FAULTS = ['down', 'slow', 'errors', 'off'] as const;
export type Fault = (typeof FAULTS)[number];

const FAULT_PATH = '/__break';
/** A web page elsewhere cannot send this header to us without being asked first, and we never agree. */
const FAULT_HEADER = 'x-shop-break';

export function isFault(text: string): text is Fault {
  return FAULTS.some((fault) => fault === text);
}

const SWITCH_TIMEOUT_MS = 5_000;

/** Turns the switch of the part that listens there; false when nothing breakable answers. */
export async function turnSwitch(port: number | string, fault: Fault): Promise<boolean> {
  const headers = { [FAULT_HEADER]: fault };
  const init = { method: 'POST', headers, signal: AbortSignal.timeout(SWITCH_TIMEOUT_MS) };
  const response = await fetch(`http://127.0.0.1:${port}${FAULT_PATH}`, init).catch(() => undefined);
  return response?.status === 204;
}

/** The fault that a request to the switch asks for; undefined for every other request. */
export function faultAskedFor(request: IncomingMessage): Fault | undefined {
  if (request.method !== 'POST' || request.url !== FAULT_PATH || !isLoopback(request)) return undefined;
  const asked = String(request.headers[FAULT_HEADER]);
  return isFault(asked) ? asked : undefined;
}

function isLoopback({ socket }: IncomingMessage): boolean {
  return socket.remoteAddress === '127.0.0.1' || socket.remoteAddress === '::1';
}
