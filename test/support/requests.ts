import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { HttpRequest, NetPolicy } from '../../src/kernel/net.ts';
import { createNet } from '../../src/platform/net/net.ts';
import type { Lookup } from '../../src/platform/net/resolver.ts';
import { systemClock } from '../../src/platform/system-clock.ts';

/** One real request under a policy; ten seconds at most. */
export function send(
  request: Partial<HttpRequest> & Pick<HttpRequest, 'url'>,
  policy: NetPolicy = 'manifest',
  lookup?: Lookup,
) {
  const net = createNet({ policy, clock: systemClock, ...(lookup !== undefined && { lookup }) });
  return net.http.send({ method: 'GET', signal: AbortSignal.timeout(10_000), ...request });
}

/** The right code, and nothing of the secret (`hush`) in whatever a log could print of the error. */
export function withCode(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.equal((error as { code?: string }).code, code);
    assert.doesNotMatch(inspect(error, { depth: 9 }), /hush/);
    return true;
  };
}

export function text(body: Uint8Array | undefined): string {
  return Buffer.from(body ?? []).toString();
}

/** Unlike `AbortSignal.timeout` it keeps the process alive, also when nothing else does. */
export function deadline(ms: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException('Too late.', 'TimeoutError')), ms);
  return controller.signal;
}
