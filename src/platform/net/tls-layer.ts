import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { codeOf } from '../../kernel/errors.ts';
import type { Target } from '../../kernel/net.ts';
import { errors } from './errors.ts';

/** TLS over a connection that stands; the handshake is still to come. */
export function secureOver(socket: Socket, target: Target): TLSSocket {
  const { host, tls, alpn } = target;
  const secureContext = contextOf(target);
  return connect({
    socket,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...(alpn !== undefined && { ALPNProtocols: [...alpn] }),
    ...(secureContext !== undefined && { secureContext }),
    rejectUnauthorized: tls === 'verified',
  });
}

function contextOf({ host, authority, clientCertificate }: Target): SecureContext | undefined {
  if (authority === undefined && clientCertificate === undefined) return undefined;
  try {
    return createSecureContext({
      ...(authority !== undefined && { ca: authority }),
      ...(clientCertificate !== undefined && { cert: clientCertificate.certificate, key: clientCertificate.key }),
    });
  } catch (error) {
    // The text of OpenSSL's error is not shown: what it read may be a key.
    throw errors.NET_CERTIFICATE_UNUSABLE({ host, code: codeOf(error) });
  }
}
