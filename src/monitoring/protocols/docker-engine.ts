import * as z from 'zod';
import type { HttpRequest } from '../../kernel/net.ts';
import type { ProbeIo } from '../monitor-type.ts';
import { type EngineSettings, EngineUnreadable } from './docker-settings.ts';

const ANSWER_BYTES_MAX = 2 * 1024 * 1024;
const SHOWN_CHARS_MAX = 80;
/** Of an engine at a socket nobody looks at the host. */
const NO_HOST = 'http://docker';

/** Of what docs.docker.com/reference/api/engine describes; Podman answers alike. */
const ContainerState = z.object({
  Status: z.string(),
  ExitCode: z.number().default(0),
  OOMKilled: z.boolean().default(false),
  Health: z.object({ Status: z.string() }).nullish(),
});

const Inspected = z.object({
  Name: z.string(),
  RestartCount: z.number().default(0),
  State: ContainerState,
});

const Found = z.array(z.object({ Id: z.string().regex(/^[\da-f]{12,64}$/) }));
const Refusal = z.object({ message: z.string() });

/** One container, as the engine tells of it. */
export interface Container {
  readonly name: string;
  readonly state: 'up' | 'degraded' | 'down';
  /** What is wrong with it, to come after its name, e.g. `has ended with code 3`; null when nothing is. */
  readonly fault: string | null;
  /** By the engine, since it was made. */
  readonly restarts: number;
}

export interface Engine {
  /** By name or id; undefined when there is none. */
  container(name: string): Promise<Container | undefined>;
  /** Ids of those that carry all these labels, running or not. */
  withLabels(labels: readonly string[]): Promise<readonly string[]>;
}

export function engineOf(settings: EngineSettings, io: ProbeIo): Engine {
  return {
    async container(name) {
      const said = await ask(settings, `/containers/${name}/json`, io);
      return said === undefined ? undefined : containerOf(Inspected.safeParse(said));
    },
    async withLabels(labels) {
      const filters = encodeURIComponent(JSON.stringify({ label: labels }));
      const found = Found.safeParse(await ask(settings, `/containers/json?all=true&filters=${filters}`, io));
      if (!found.success) throw new EngineUnreadable('answers with no list of containers');
      return found.data.map(({ Id: id }) => id);
    },
  };
}

/** Undefined when there is no such thing. */
async function ask(settings: EngineSettings, path: string, { net, signal }: ProbeIo): Promise<unknown> {
  const { status, body, isTruncated } = await net.http.send({
    ...wayTo(settings, path),
    method: 'GET',
    bodyBytesMax: ANSWER_BYTES_MAX,
    signal,
  });
  if (isTruncated) throw new EngineUnreadable(`answers with more than ${ANSWER_BYTES_MAX / 1024 / 1024} MB`);
  const said = jsonIn(body);
  const refusal = Refusal.safeParse(said);
  if (status === 404 && refusal.success) return undefined;
  if (status === 200) return said;
  const why = refusal.success ? `: ${JSON.stringify(refusal.data.message.slice(0, SHOWN_CHARS_MAX))}` : '';
  throw new EngineUnreadable(`answers ${status}${why}`);
}

function wayTo(settings: EngineSettings, path: string): Partial<HttpRequest> & Pick<HttpRequest, 'url'> {
  const { engine, verify_tls: verifyTls, authority } = settings;
  const { protocol, host, pathname } = new URL(engine);
  if (protocol === 'unix:') return { url: `${NO_HOST}${path}`, socketPath: pathname };
  const clientCertificate = certificateOf(settings);
  const isEncrypted = protocol === 'https:' || clientCertificate !== undefined || authority !== undefined;
  return {
    url: `${isEncrypted ? 'https' : 'http'}://${host}${path}`,
    verifyTls,
    ...(authority !== undefined && { authority: authority.reveal() }),
    ...(clientCertificate !== undefined && { clientCertificate }),
  };
}

function certificateOf({ client_certificate: identity }: EngineSettings) {
  return identity && { certificate: identity.certificate.reveal(), key: identity.key.reveal() };
}

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new EngineUnreadable('does not answer as Docker does');
  }
}

function containerOf(said: z.ZodSafeParseResult<z.output<typeof Inspected>>): Container {
  if (!said.success) throw new EngineUnreadable('tells of a container in a way that Docker does not');
  const { Name: name, State: state, RestartCount: restarts } = said.data;
  return {
    name: shownName(name),
    restarts,
    ...(state.Status === 'running' ? runningState(state) : { state: 'down', fault: faultOf(state) }),
  };
}

/** As Docker allows names to be; whatever else is none of its. */
function shownName(name: string): string {
  return name
    .replace(/^\//, '')
    .replaceAll(/[^\w.-]/g, '?')
    .slice(0, SHOWN_CHARS_MAX);
}

/** Without a health check, to run is all that can be asked of it. */
function runningState({ Health: health }: z.output<typeof ContainerState>): Pick<Container, 'state' | 'fault'> {
  if (health?.Status === 'unhealthy') return { state: 'down', fault: 'fails its health check' };
  if (health?.Status !== 'starting') return { state: 'up', fault: null };
  return { state: 'degraded', fault: 'has started, and its health check has not passed yet' };
}

const FAULTS: Readonly<Record<string, string>> = {
  created: 'was made and never started',
  paused: 'is paused',
  removing: 'is being removed',
};

function faultOf({
  Status: status,
  ExitCode: code,
  OOMKilled: isOutOfMemory,
}: z.output<typeof ContainerState>): string {
  if (status === 'restarting') return `ends again and again, the last time with code ${code}`;
  if (isOutOfMemory) return `was ended for using too much memory (code ${code})`;
  if (status === 'exited' || status === 'dead') return `has ended with code ${code}`;
  return FAULTS[status] ?? `is ${JSON.stringify(status.slice(0, SHOWN_CHARS_MAX))}`;
}
