import { conclude, type Evidence, type Finding, portNumber, type Subject } from './finding.ts';
import { baseName, folderOf, type ProjectView, type SourceText } from './project-view.ts';

const READ_MAX = 24;
const PROJECT_FILES = new Set(['package.json', 'pyproject.toml', 'requirements.txt', 'manage.py']);
/** Files in which servers are usually started and routes declared. */
const LIKELY =
  /^(?:main|app|application|server|index|urls|routes?|router|health|healthz|status|asgi|wsgi|__init__)\.(?:[cm]?[jt]sx?|py)$/;

const HEALTH_PATHS =
  'health|healthz|api/health|api/healthz|healthcheck|health-check|_health|livez|readyz|api/status|status|up|ping';
const HEALTH = new RegExp(`["'\`](?<path>/(?:${HEALTH_PATHS})/?)["'\`]`, 'i');
/** Django writes routes without the slash in front. */
const HEALTH_DJANGO = new RegExp(`\\bpath\\(\\s*["'](?<path>(?:${HEALTH_PATHS})/?)["']`, 'i');
const PORT = /(?:\.listen\(\s*|\bPORT\b["'\])]*\s*(?:\|\||\?\?|,|:|=)\s*["']?|\bport\s*[:=]\s*)(?<port>\d{2,5})\b/;
/** Next.js makes a route of a file's place. */
const NEXT_ROUTE = /(?:^|\/)(?:src\/)?(?:pages|app)\/(?<path>api\/(?:health|healthz|status))(?:\/route)?\.[jt]sx?$/;

/** What the code of one part says about where it answers. Read as text, so all of it is a hint. */
export async function sourceHints(view: ProjectView, subject: Subject): Promise<readonly Finding[]> {
  const folder = subject.source ?? '.';
  const projects = new Set(view.paths.filter((path) => PROJECT_FILES.has(baseName(path))).map(folderOf));
  const own = view.paths.filter((path) => projectOf(path, projects) === folder);
  const findings: Finding[] = own.flatMap((file) => {
    const path = NEXT_ROUTE.exec(file)?.groups?.['path'];
    return path === undefined ? [] : [health(subject, { file, line: 1 }, path)];
  });
  for (const path of own.filter((candidate) => LIKELY.test(baseName(candidate))).slice(0, READ_MAX)) {
    const source = await view.read(path);
    if (source !== undefined) findings.push(...hintsIn(source, subject));
  }
  return firstOfEach(findings);
}

function hintsIn(source: SourceText, subject: Subject): readonly Finding[] {
  const route = HEALTH.exec(source.text) ?? HEALTH_DJANGO.exec(source.text);
  const listening = PORT.exec(source.text);
  const at = ({ index }: RegExpExecArray) => ({ file: source.file, line: source.lineAt(index) });
  return [
    ...(route === null ? [] : [health(subject, at(route), route.groups?.['path'] ?? '')]),
    ...(listening === null ? [] : listens(subject, at(listening), listening.groups?.['port'])),
  ];
}

function health(subject: Subject, evidence: Evidence, written: string): Finding {
  const path = written.startsWith('/') ? written : `/${written}`;
  return conclude(
    subject,
    { kind: 'health', path },
    { evidence, verb: `mentions the route ${path}`, certainty: 'likely' },
  );
}

function listens(subject: Subject, evidence: Evidence, written: string | undefined): readonly Finding[] {
  const port = portNumber(written);
  if (port === undefined) return [];
  const fact = { kind: 'port', port, protocol: 'http' } as const;
  return [conclude(subject, fact, { evidence, verb: `mentions port ${port}`, certainty: 'likely' })];
}

/** The nearest folder above that is a project of its own: its code says nothing about the others. */
function projectOf(path: string, projects: ReadonlySet<string>): string {
  let folder = folderOf(path);
  while (folder !== '.' && !projects.has(folder)) folder = folderOf(folder);
  return folder;
}

function firstOfEach(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    (finding, index) => index === findings.findIndex(({ fact }) => fact.kind === finding.fact.kind),
  );
}
