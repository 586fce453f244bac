import * as z from 'zod';
import { codeOf } from '../../kernel/errors.ts';
import type { CheckResult, ProbeIo } from '../monitor-type.ts';
import { ClientCertificate, pemText } from './certificate-keys.ts';
import { downBecause } from './failure.ts';

/** What OpenSSL calls the alerts of a server that was shown no certificate, or the wrong one. */
const WANTS_CERTIFICATE = /ALERT_(?:HANDSHAKE_FAILURE|CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA)$/;
const SCHEMES = ['unix', 'tcp', 'http', 'https'];

/** Where the engine listens; the same for one container and for those of a project. */
export const ENGINE_KEYS = {
  engine: z
    .string()
    .refine(isEngine, 'Expected where Docker listens, such as unix:///var/run/docker.sock or tcp://10.0.0.5:2376.')
    .default('unix:///var/run/docker.sock')
    .describe('Where Docker listens, e.g. "tcp://10.0.0.5:2376". Default unix:///var/run/docker.sock.'),
  authority: pemText('CERTIFICATE')
    .optional()
    .describe('Who has signed the certificate of the engine, as PEM. With it the connection is encrypted.'),
  client_certificate: ClientCertificate.optional().describe(
    'Proves to the engine who asks. With it the connection is encrypted.',
  ),
  verify_tls: z.boolean().default(true).describe('Whether the certificate of the engine must be valid. Default true.'),
};

const EngineSettings = z.object(ENGINE_KEYS);
export type EngineSettings = z.output<typeof EngineSettings>;

/** For sentences and lists, e.g. `Docker at /var/run/docker.sock`. */
export function placeOf({ engine }: EngineSettings): string {
  const { protocol, host, pathname } = new URL(engine);
  return `Docker at ${protocol === 'unix:' ? pathname : host}`;
}

/** It said something else than the Docker Engine API has it say; the message goes on where its place ends. */
export class EngineUnreadable extends Error {}

/** The result of a check that learned nothing of any container. */
export function engineDown(error: unknown, settings: EngineSettings, io: ProbeIo): CheckResult {
  const place = placeOf(settings);
  const code = codeOf(error);
  if (error instanceof EngineUnreadable) return { state: 'down', reason: `${place} ${error.message}.` };
  if (!io.signal.aborted && settings.engine.startsWith('unix:')) {
    if (code === 'ENOENT') return { state: 'down', reason: `There is no ${place}.` };
    if (code === 'EACCES') {
      return { state: 'down', reason: `${place} may not be asked by our user, who is not in the group docker.` };
    }
  }
  if (!io.signal.aborted && WANTS_CERTIFICATE.test(code)) {
    return { state: 'down', reason: `${place} wants a client certificate that it trusts.` };
  }
  return downBecause(error, io, place);
}

function isEngine(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !SCHEMES.includes(url.protocol.slice(0, -1)) || url.username !== '' || url.search !== '') {
    return false;
  }
  return url.protocol === 'unix:' ? url.hostname === '' && url.pathname.length > 1 : url.hostname !== '';
}
