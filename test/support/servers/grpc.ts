import { type Metadata, Server, ServerCredentials, type ServiceDefinition, status } from '@grpc/grpc-js';
import type { Certificate } from './certificates.ts';
import type { Ending } from './server.ts';

/** What the server says of each service; a number is a gRPC status it fails with. */
export type Health = 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN' | number;

export interface GrpcOptions {
  readonly certificate?: Certificate;
  /** By the name of the service; `''` is the server as a whole. Without any there is no health service. */
  readonly health?: Readonly<Record<string, Health>>;
  /** The value that the metadata `authorization` must have. */
  readonly token?: string;
}

interface Call {
  readonly request: { readonly service: string };
  readonly metadata: Metadata;
}

const STATUSES: readonly Health[] = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

const HealthService: ServiceDefinition = {
  Check: {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: () => Buffer.alloc(0),
    // One field, a name shorter than 128 bytes: what stands behind its tag and its length.
    requestDeserialize: (bytes: Buffer) => ({ service: bytes.subarray(2).toString() }),
    responseSerialize: (serving: Health) => Buffer.from([0x08, STATUSES.indexOf(serving)]),
    responseDeserialize: () => undefined,
  },
};

/** A real gRPC server, by others (@grpc/grpc-js), on a free port. */
export async function startGrpc(ending: Ending, { certificate, health, token }: GrpcOptions): Promise<number> {
  const server = new Server();
  if (health !== undefined) {
    server.addService(HealthService, {
      Check({ request, metadata }: Call, done: (error: object | null, answer?: Health) => void) {
        const said = metadata.get('authorization')[0];
        if (token !== undefined && said !== token) {
          done({ code: status.UNAUTHENTICATED, details: `What is ${String(said)}?` });
          return;
        }
        const found = health[request.service] ?? status.NOT_FOUND;
        if (typeof found === 'number') done({ code: found, details: `hush ${request.service}` });
        else done(null, found);
      },
    });
  }
  const credentials =
    certificate === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(null, [
          { cert_chain: Buffer.from(certificate.certificate), private_key: Buffer.from(certificate.key) },
        ]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  ending.after(async () => server.forceShutdown());
  return port;
}
