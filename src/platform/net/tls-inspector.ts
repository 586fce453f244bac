import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import { codeOf } from '../../kernel/errors.ts';
import type { Certificate, InspectedTarget, TlsInspector, TlsSession } from '../../kernel/net.ts';
import type { Dialer } from './dialer.ts';
import { errors } from './errors.ts';
import type { Rules } from './policy.ts';

export interface TlsInspectorDeps {
  readonly dialer: Dialer;
  readonly rules: Rules;
  readonly clock: Clock;
}

/** Longer than any chain that is meant seriously; a certificate may also be its own issuer. */
const CHAIN_MAX = 10;

export function createTlsInspector({ dialer, rules, clock }: TlsInspectorDeps): TlsInspector {
  return {
    async inspect(target, signal) {
      const { host, port, family } = target;
      if (!rules.schemes.includes('tls')) {
        throw errors.NET_SCHEME_FORBIDDEN({ host, scheme: 'tls', allowed: rules.schemes.join(' or ') });
      }
      const plain = { host, port, ...(family !== undefined && { family }) };
      const { socket, address } = await dialer.dial(plain, rules, signal);
      try {
        await target.beforeTls?.(socket);
        const startedAt = clock.ticks();
        const secure = await shakenHands(socket, target, signal);
        const session = { ...sessionOf(secure), address, handshakeMs: clock.ticks() - startedAt };
        // Says goodbye first, as the protocol wants it.
        secure.destroySoon();
        return session;
      } catch (error) {
        socket.destroy();
        throw error;
      }
    },
  };
}

function shakenHands(socket: Socket, target: InspectedTarget, signal: AbortSignal): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const secure = secureOver(socket, target);
  secure.once('secureConnect', () => resolve(secure));
  // For good: what comes after the handshake, such as a demand for a certificate of ours, is nobody's concern any more.
  secure.on('error', (error) => reject(signal.aborted ? signal.reason : error));
  secure.once('close', () => reject(signal.aborted ? signal.reason : hungUp()));
  return promise;
}

function secureOver(socket: Socket, target: InspectedTarget): TLSSocket {
  const { authority, clientCertificate, alpn, serverName = target.host } = target;
  return connect({
    socket,
    // To whom the certificate has to be made out; the socket is connected already.
    host: serverName,
    ...(isIP(serverName) === 0 && { servername: serverName }),
    // Told, not refused: an old protocol, a weak cipher and a bad certificate are what this is here to find.
    rejectUnauthorized: false,
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
    ...(authority !== undefined && { ca: authority }),
    ...(clientCertificate !== undefined && { cert: clientCertificate.certificate, key: clientCertificate.key }),
    ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
  });
}

function hungUp(): Error {
  return Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' });
}

function sessionOf(secure: TLSSocket): Omit<TlsSession, 'address' | 'handshakeMs'> {
  return {
    protocol: secure.getProtocol() ?? 'unknown',
    cipher: secure.getCipher().name,
    chain: chainFrom(secure.getPeerX509Certificate()),
    problem: problemOf(secure),
  };
}

/** Node has a text there, whatever its types say. */
function problemOf({ authorized, authorizationError }: TLSSocket): string | null {
  const problem: unknown = authorizationError;
  if (authorized) return null;
  return typeof problem === 'string' ? problem : codeOf(problem);
}

function chainFrom(leaf: X509Certificate | undefined): readonly Certificate[] {
  const chain: Certificate[] = [];
  const seen = new Set<string>();
  for (let each = leaf; each !== undefined && chain.length < CHAIN_MAX; each = each.issuerCertificate) {
    const certificate = certificateOf(each);
    if (seen.has(certificate.fingerprint)) break;
    seen.add(certificate.fingerprint);
    chain.push(certificate);
  }
  return chain;
}

function certificateOf(certificate: X509Certificate): Certificate {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: namesIn(certificate.subjectAltName ?? ''),
    validFrom: certificate.validFromDate.getTime(),
    validTo: certificate.validToDate.getTime(),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}

/** `DNS:shop.example, IP Address:192.0.2.1` */
function namesIn(alternatives: string): readonly string[] {
  return alternatives
    .split(', ')
    .flatMap((each) => /^(?:DNS|IP Address):(?<name>.+)$/.exec(each)?.groups?.['name'] ?? []);
}
