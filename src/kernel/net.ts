import type { Duplex } from 'node:stream';

/**
 * The network as areas and plug-ins see it. `platform/net` implements it; every socket is bound to a policy that is
 * checked on the address really connected to, and again on every redirect.
 *
 * - `manifest`: anything the repository's own file names.
 * - `api`: what came in through the API: no loopback, private, link-local or metadata address.
 * - `public`: a stranger's address: global unicast only, https only, no redirects, 64 kB at most.
 */
export type NetPolicy = 'manifest' | 'api' | 'public';

export interface Net {
  readonly http: HttpClient;
  readonly tcp: TcpDialer;
  readonly udp: DatagramExchange;
  readonly tls: TlsInspector;
  readonly ping: Pinger;
  /** The addresses of a host that this policy allows; rejects with `NET_ADDRESS_FORBIDDEN` when none is left. */
  resolve(host: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Whom this machine asks for names, first choice first: addresses such as `192.0.2.53` or `[2001:db8::53]:5353`. */
  nameServers(): readonly string[];
}

export interface TcpDialer {
  /**
   * A connected socket; the caller destroys it. It also ends when the signal aborts, with the signal's reason.
   * Rejects with a Node system error code, the signal's reason, or `NET_*`.
   */
  connect(target: Target, signal: AbortSignal): Promise<Duplex>;
}

export interface DatagramExchange {
  /**
   * Sends one datagram, again every second for it may get lost, until one comes back that `isAnswer` takes. Those that it
   * does not take are passed over: anybody can send them. To one that asks for something else first, such as a challenge,
   * it returns what to send instead from then on. Rejects as `TcpDialer.connect` does.
   */
  exchange(
    target: Pick<Target, 'host' | 'port'>,
    datagram: Uint8Array,
    isAnswer: (datagram: Uint8Array) => boolean | Uint8Array,
    signal: AbortSignal,
  ): Promise<Uint8Array>;
}

/** One echo request and its reply (RFC 792, RFC 4443). */
export interface Pinger {
  /**
   * Rejects with a Node system error code, the signal's reason, or `NET_*`; `NET_PING_FORBIDDEN` where this machine does
   * not let us send one.
   */
  send(host: string, options: { readonly family?: IpFamily; readonly signal: AbortSignal }): Promise<Pong>;
}

export interface Pong {
  readonly address: string;
  readonly roundTripMs: number;
}

/** What a server says of itself before anything is asked of it. */
export interface TlsInspector {
  /** Shakes hands and goes; a certificate that is not valid is told, not refused. Rejects as `TcpDialer.connect` does. */
  inspect(target: InspectedTarget, signal: AbortSignal): Promise<TlsSession>;
}

export interface InspectedTarget extends Omit<Target, 'tls'> {
  /** Whom to ask for, and to whom the certificate has to be made out, where that is not the host. */
  readonly serverName?: string;
}

export interface TlsSession {
  readonly address: string;
  /** E.g. `TLSv1.3`. */
  readonly protocol: string;
  /** By its name in OpenSSL, e.g. `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string;
  /** The leaf first, then those it depends on, as far as the server sent them or this machine knows them. */
  readonly chain: readonly Certificate[];
  /** Node's code of what is wrong with the chain or the name, e.g. `CERT_HAS_EXPIRED`; null when it can be trusted. */
  readonly problem: string | null;
  readonly handshakeMs: number;
}

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** Names and addresses it is made out to. */
  readonly names: readonly string[];
  /** Epoch milliseconds. */
  readonly validFrom: number;
  readonly validTo: number;
  /** SHA-256 of the whole, in hexadecimal. */
  readonly fingerprint: string;
}

/** 4 or 6: the version of the Internet Protocol. */
export type IpFamily = 4 | 6;

/** How we prove who we are (mTLS); all PEM. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  /** Only addresses of this kind; both when missing. */
  readonly family?: IpFamily;
  /** Encrypt from the first byte; `unverified` accepts any certificate. */
  readonly tls?: 'verified' | 'unverified';
  /** Authorities to trust instead of those of this machine, PEM. */
  readonly authority?: string;
  readonly clientCertificate?: ClientCertificate;
  /** What may be spoken inside, first choice first (RFC 7301), e.g. `h2`. */
  readonly alpn?: readonly string[];
  /** What has to be said in the clear before TLS starts, where a protocol wants that (STARTTLS). */
  readonly beforeTls?: (socket: Duplex) => Promise<void>;
}

export interface HttpClient {
  /**
   * One request on a connection of its own, so that timings are true. An answer of any status is a success;
   * rejects only when there is no answer: system error code, `TimeoutError`, or `NET_*`.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
  /** As of `Target`. */
  readonly family?: IpFamily;
  readonly authority?: string;
  readonly clientCertificate?: ClientCertificate;
  /** Goes through this one: `http:` or `https:` (CONNECT, RFC 9110 §9.3.6) or `socks5:` (RFC 1928), with credentials. */
  readonly proxy?: string;
  /** A socket of this machine to speak through, instead of the host in the address; `manifest` only. */
  readonly socketPath?: string;
  /**
   * How many redirects to follow; the last answer is returned. On the way to another origin the headers and the body
   * stay behind, for they may hold credentials. Default 0.
   */
  readonly redirectsMax?: number;
  /** Reading stops here and the response says `isTruncated`. Default 1 MiB. */
  readonly bodyBytesMax?: number;
  /** Sees each piece of the body the moment it comes, and what is thrown here ends the request. */
  readonly onChunk?: (chunk: Uint8Array) => void;
  /** False accepts any certificate: for measuring a host whose certificate is known to be bad. */
  readonly verifyTls?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly isTruncated: boolean;
  /** The address that answered. */
  readonly address: string;
  readonly timings: HttpTimings;
  /** Present on https: when the leaf certificate ends, epoch milliseconds. */
  readonly certificateExpiresAt?: number;
}

/** Milliseconds of each phase of the last request; a phase that did not happen is 0. */
export interface HttpTimings {
  readonly dnsMs: number;
  readonly connectMs: number;
  readonly tlsMs: number;
  readonly firstByteMs: number;
  readonly transferMs: number;
  /** From looking up the first name to the last byte of the last answer, redirects included. */
  readonly totalMs: number;
}
