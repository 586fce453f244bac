import { asText, type Fields, fieldsIn, listIn, textIn } from '../../fields.ts';
import type { NameFor } from '../../names.ts';
import { cannot, carried, type ImportItem, leftOut } from '../../plan.ts';
import { composeReferences, withReferences } from '../../reference-text.ts';
import { attempt, demand, Unlike } from '../../unlike.ts';
import { Reference, type TextPart, TextWithSecrets, type Written } from '../../written.ts';
import { type Engine, engineOf, type Watch } from './engines.ts';
import { environmentOf } from './environment.ts';
import { type Published, publishedIn } from './ports.ts';
import type { ComposeProject, ComposeService } from './read.ts';

const WEB = new Set([80, 3000, 3001, 4000, 4200, 5000, 5173, 8000, 8008, 8080, 8081, 8090, 8888]);
const SECURE_WEB = new Set([443, 8443]);

/** What is watched of each service: the program in it where that can be reached, its containers otherwise. */
export function serviceItems(
  { project, services }: ComposeProject,
  nameFor: NameFor,
  isLabelled: (service: ComposeService) => boolean,
): readonly ImportItem[] {
  const items = services
    .filter((service) => !isLabelled(service))
    .map((service) => ({ service, item: itemOf(service, project, nameFor) }));
  const names = new Map(
    items.flatMap(({ service, item }) =>
      item.target === undefined ? [] : [[service.name, item.target.name] as const],
    ),
  );
  return items.map(({ service, item }) => withDependencies(item, service.fields, names));
}

function itemOf(service: ComposeService, project: string | undefined, nameFor: NameFor): ImportItem {
  const { name, fields, place } = service;
  const found = { key: `service ${name}`, what: 'service', title: name, from: place() };
  const because = restsBecause(fields);
  if (because !== undefined) return leftOut(found, because);
  const watched = attempt(() => watchedIn(service, project));
  if (watched instanceof Unlike) return cannot(found, watched.message);
  if (watched === undefined)
    return leftOut(found, 'It publishes no port and has no health check: nothing tells from outside whether it works.');
  const target = { section: 'monitors', name: nameFor('watched', found.key, name), entry: watched.entry } as const;
  return carried(found, target, watched.notes);
}

function restsBecause(service: Fields): string | undefined {
  if (listIn(service, 'profiles').length > 0) return 'It has `profiles`, so that it does not run all the time.';
  const replicas = fieldsIn(service, 'deploy')?.['replicas'] ?? service['scale'];
  return replicas === 0 ? 'It has no containers (`replicas: 0`).' : undefined;
}

interface Watched {
  readonly entry: Watch;
  readonly notes: readonly string[];
}

function watchedIn(service: ComposeService, project: string | undefined): Watched | undefined {
  const published = publishedIn(service.fields);
  const engine = engineOf(textIn(service.fields, 'image') ?? '');
  const chosen = engine === undefined ? portOf(published) : published.find(({ target }) => target === engine.port);
  if (chosen === undefined) return hasHealthcheck(service.fields) ? containersOf(service, project) : undefined;
  const others = published.filter((port) => port !== chosen).map(({ target }) => target);
  const rest = others.length === 0 ? [] : [`Its other ports are not watched: ${others.join(', ')}.`];
  const { entry, notes } =
    engine === undefined ? programOf(service.fields, chosen) : engineWatch(engine, service.fields, chosen);
  return { entry, notes: [...notes, ...rest] };
}

function portOf(published: readonly Published[]): Published | undefined {
  return published.find(({ target }) => WEB.has(target) || SECURE_WEB.has(target)) ?? published[0];
}

function engineWatch(engine: Engine, service: Fields, published: Published): Watched {
  const place = placeOf(published);
  const environment = environmentOf(service);
  const entry = engine.watch(place, environment, service);
  if (entry === undefined) {
    const note = 'The file does not say how to log in, so only its port is watched.';
    return { entry: { tcp: new TextWithSecrets(place) }, notes: [note] };
  }
  return { entry, notes: Object.values(entry).some((value) => hasVariable(value, place)) ? [ENCODED] : [] };
}

const ENCODED = 'A password with signs such as @ or / has to be percent-encoded in its variable.';

function hasVariable(value: Written, place: readonly TextPart[]): boolean {
  if (!(value instanceof TextWithSecrets)) return false;
  return value.parts.some((part) => part instanceof Reference && !place.includes(part));
}

/** Something of the team's own: a web page where the port says so. */
function programOf(service: Fields, published: Published): Watched {
  const place = placeOf(published);
  const { target } = published;
  if (!WEB.has(target) && !SECURE_WEB.has(target)) return { entry: { tcp: new TextWithSecrets(place) }, notes: [] };
  const path = healthPath(service, target);
  const scheme = SECURE_WEB.has(target) ? 'https' : 'http';
  const notes = path === undefined ? ['Nothing says which page tells that it works; name one that does.'] : [];
  return { entry: { http: new TextWithSecrets([`${scheme}://`, ...place, path ?? '/']) }, notes };
}

function placeOf({ host, port }: Published): readonly TextPart[] {
  const bracketed = host.includes(':') && !/[[$]/.test(host) ? `[${host}]` : host;
  const written = withReferences(`${bracketed}:${port}`, composeReferences);
  if (written instanceof TextWithSecrets) return written.parts;
  return typeof written === 'string' ? [written] : [];
}

function hasHealthcheck(service: Fields): boolean {
  const check = fieldsIn(service, 'healthcheck');
  if (check === undefined || check['disable'] === true) return false;
  return listIn(check, 'test')[0] !== 'NONE';
}

/** The page that its own health check asks for. */
function healthPath(service: Fields, port: number): string | undefined {
  const check = fieldsIn(service, 'healthcheck') ?? {};
  const listed = listIn(check, 'test').map(String).join(' ');
  const test = listed === '' ? (textIn(check, 'test') ?? '') : listed;
  const [, written, path] =
    /https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)(?::(\d+))?(\/[^\s"'|;)$]*)/.exec(test) ?? [];
  return Number(written ?? 80) === port ? path : undefined;
}

function containersOf({ name }: ComposeService, project: string | undefined): Watched {
  const known = demand(
    project,
    'Only its own health check tells how it is, and nothing says what the project is called: write `name:` into the file.',
  );
  return {
    entry: { compose: name, project: known },
    notes: ['It publishes no port, so Docker is asked for what its health check says.'],
  };
}

function withDependencies(item: ImportItem, service: Fields, names: ReadonlyMap<string, string>): ImportItem {
  const { target } = item;
  if (target === undefined) return item;
  const written = [
    ...listIn(service, 'depends_on').map((each) => asText(each) ?? ''),
    ...Object.keys(fieldsIn(service, 'depends_on') ?? {}),
  ];
  const known = written.flatMap((each) => names.get(each) ?? []);
  if (known.length === 0) return item;
  const entry: Written = { ...Object(target.entry), depends_on: known };
  return { ...item, target: { ...target, entry } };
}
