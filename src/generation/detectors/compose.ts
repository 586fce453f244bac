import * as z from 'zod';
import { messageOf } from '../../kernel/errors.ts';
import type { Detector } from '../detector.ts';
import { engineOfImage } from '../engines.ts';
import {
  conclude,
  type Evidence,
  type Finding,
  portNumber,
  present,
  type Subject,
  serviceName,
  shown,
} from '../finding.ts';
import { pathAskedFor } from '../health-command.ts';
import { baseName, folderOf, type ProjectView, type SourceText } from '../project-view.ts';
import { parseYaml } from '../yaml-document.ts';

export const compose: Detector = {
  type: 'compose',
  summary: 'Reads compose files: services, images, published ports, health checks and what depends on what.',
  async detect(view) {
    // Further down there may be more, but those describe examples and tests more often than the application.
    const path = view.paths.find((candidate) => FILE.test(baseName(candidate)));
    const source = path === undefined ? undefined : await view.read(path);
    return source === undefined ? [] : read(source, view);
  },
};

/** Without `compose.override.yaml` and its like: they change what the main file says for one machine. */
const FILE = /^(?:docker-)?compose\.ya?ml$/;
const SERVICES_MAX = 50;

/** Lenient on purpose: an odd key costs that key, not the file. */
const Port = z.union([
  z.string(),
  z.number().transform(String),
  z.looseObject({ published: z.union([z.string(), z.number()]).optional() }),
]);
/** Both spellings become pairs of a name and what has to be true of it. */
const Names = z.array(z.string()).transform((names) => names.map((name): Dependency => [name, undefined]));
const Conditions = z
  .record(z.string(), z.looseObject({ condition: z.string().optional() }))
  .transform((written) => Object.entries(written).map(([name, { condition }]): Dependency => [name, condition]));
type Dependency = readonly [name: string, condition: string | undefined];

const Service = z.looseObject({
  image: z.string().optional().catch(undefined),
  build: z
    .union([z.string(), z.looseObject({ context: z.string().default('.') }).transform(({ context }) => context)])
    .optional()
    .catch(undefined),
  ports: z.array(Port).catch([]).default([]),
  depends_on: z.union([Names, Conditions]).catch([]).default([]),
  healthcheck: z
    .looseObject({ test: z.union([z.string(), z.array(z.string()).transform((words) => words.join(' '))]) })
    .optional()
    .catch(undefined),
});
type Service = z.output<typeof Service>;

function read(source: SourceText, view: ProjectView): readonly Finding[] {
  try {
    const { content, lineOf } = parseYaml(source);
    const { services } = z.looseObject({ services: z.record(z.string(), z.unknown()) }).parse(content);
    return Object.entries(services)
      .slice(0, SERVICES_MAX)
      .flatMap(([name, value]) => {
        const service = Service.safeParse(value);
        const at: At = (...keys) => ({ file: source.file, line: lineOf(['services', name, ...keys]) });
        return service.success ? findingsOf(name, service.data, at) : [];
      });
  } catch (error) {
    const [reason = ''] = error instanceof z.ZodError ? ['it names no services'] : messageOf(error).split('\n');
    view.leaveOut(source.file, `it cannot be understood: ${shown(reason).replace(/[.:]$/, '')}`);
    return [];
  }
}

/** Where a service, or one of its keys, stands. */
type At = (...keys: readonly string[]) => Evidence;

function findingsOf(name: string, service: Service, at: At): readonly Finding[] {
  const folder = folderOf(at().file);
  const source = service.build === undefined ? undefined : joined(folder, withDefaults(service.build));
  const subject = { name: serviceName(name), isNamed: true, ...(source !== undefined && { source }) };
  const engine = engineOfImage(withDefaults(service.image ?? ''))?.engine;
  return present([
    conclude(subject, { kind: 'part' }, { evidence: at(), verb: originOf(service) }),
    engine === undefined
      ? undefined
      : conclude(subject, { kind: 'engine', engine }, { evidence: at('image'), verb: `its image is ${engine}` }),
    portOf(subject, service, at),
    healthOf(subject, service, at),
    ...service.depends_on.map((dependency) => dependencyOf(subject, dependency, at('depends_on'))),
  ]);
}

function portOf(subject: Subject, service: Service, at: At): Finding {
  const port = service.ports.map(publishedPort).find((published) => published !== undefined) ?? null;
  const fact = { kind: 'port', port, protocol: speaksHttp(service) ? 'http' : 'tcp' } as const;
  return port === null
    ? conclude(subject, fact, { evidence: at(), verb: 'publishes no port to this machine' })
    : conclude(subject, fact, { evidence: at('ports'), verb: `publishes port ${port}` });
}

function healthOf(subject: Subject, service: Service, at: At): Finding | undefined {
  const path = speaksHttp(service) ? pathAskedFor(service.healthcheck?.test ?? '') : undefined;
  if (path === undefined) return undefined;
  return conclude(
    subject,
    { kind: 'health', path },
    { evidence: at('healthcheck'), verb: `asks ${path} for its health` },
  );
}

function dependencyOf(subject: Subject, [needed, condition]: Dependency, evidence: Evidence): Finding {
  const name = serviceName(needed);
  return condition === 'service_completed_successfully'
    ? conclude({ name }, { kind: 'once' }, { evidence, verb: `waits for ${name} to end` })
    : conclude(subject, { kind: 'needs', service: name }, { evidence, verb: `makes it depend on ${name}` });
}

/** What is built here is taken for a web server; of foreign images only those that are certain to be one. */
function speaksHttp({ build, image = '' }: Service): boolean {
  return build !== undefined || SPEAKS_HTTP.test(image);
}

/** Proxies: not the team's code, but what visitors meet. */
const SPEAKS_HTTP = /(?:^|\/)(?:nginx|caddy|httpd|traefik|haproxy|nginx-unprivileged)(?::|@|$)/;

function originOf({ build, image }: Service): string {
  if (build !== undefined) return build === '.' ? 'builds it from this folder' : `builds it from ${shown(build)}`;
  return image === undefined ? 'names it' : `runs ${shown(image.split('@')[0] ?? '')}`;
}

/** `"${PORT:-8080}:80"`, `127.0.0.1:8080:80/tcp`, `8080:80` or the long form; a container port alone is not one. */
function publishedPort(port: z.output<typeof Port>): number | undefined {
  if (typeof port === 'object') return firstPort(withDefaults(String(port.published ?? '')));
  const [target, published] = withDefaults(port).split(':').toReversed();
  return target === undefined ? undefined : firstPort(published ?? '');
}

/** Of a range such as `8000-8010` the first one. */
function firstPort(text: string): number | undefined {
  return portNumber(text.split('-')[0]);
}

/** What compose itself would fill in when nothing is set. */
function withDefaults(text: string): string {
  return text.replaceAll(/\$\{\w+:?-(?<fallback>[^${}]*)\}/g, '$<fallback>');
}

/** The folder of a build context relative to the project; contexts outside of it and remote ones are nobody's folder. */
function joined(folder: string, context: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${context}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.length === 0 ? '.' : parts.join('/');
}
