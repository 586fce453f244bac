import { type Heard, type Routes, type RoutesServer, serveRoutes } from './routes.ts';
import type { Ending } from './server.ts';

export interface AnalyticsOptions {
  /** How often it must be asked until what came in is counted, as one that counts in batches. */
  readonly countedAfter?: number;
  /** What it takes everybody for who does not look like a browser. */
  readonly isRobot?: (agent: string) => boolean;
}

/** Reads with this token only. */
export const TOKEN = 'hush-reader';
/** Takes events with this key only. */
export const WRITE_KEY = 'phc_hush';

type Product = 'plausible' | 'matomo' | 'umami' | 'posthog';
type Json = Record<string, unknown>;

/** Counts what it is sent, as four products do, each by its public documentation. */
export function serveAnalytics(
  ending: Ending,
  product: Product,
  { countedAfter = 0, isRobot = () => false }: AnalyticsOptions = {},
): Promise<RoutesServer> {
  const events = new Set<string>();
  let questions = 0;
  /** What is counted by now. */
  const visible = (): ReadonlySet<string> => (questions++ < countedAfter ? new Set() : events);
  const seen = (heard: Heard) => !isRobot(heard.headers['user-agent'] ?? '');
  return serveRoutes(ending, ROUTES[product]({ events, visible, seen }));
}

interface Store {
  readonly events: Set<string>;
  readonly visible: () => ReadonlySet<string>;
  readonly seen: (heard: Heard) => boolean;
}

const ROUTES: Readonly<Record<Product, (store: Store) => Routes>> = {
  plausible: ({ events, visible, seen }) => ({
    'POST /api/event': (heard) => {
      const { name, url, domain } = jsonOf(heard);
      if (typeof name !== 'string' || domain !== 'shop.example') return { status: 400, json: { errors: {} } };
      if (!seen(heard)) return { status: 202, text: 'ok', headers: { 'x-plausible-dropped': '1' } };
      events.add(new URL(String(url)).pathname);
      return { status: 202, text: 'ok' };
    },
    'POST /api/v2/query': (heard) => {
      if (!isBearer(heard)) return { status: 401, json: { error: 'Invalid API key.' } };
      const { site_id: site, metrics, date_range: range, filters } = jsonOf(heard);
      if (site !== 'shop.example') return { status: 400, json: { error: `No such site (${TOKEN})` } };
      const [[operator, dimension, [page]]] = filters as [[string, string, [string]]];
      const isKnown = operator === 'is' && dimension === 'event:page' && String(metrics) === 'events';
      if (!isKnown || !(range as string[]).every((at) => !Number.isNaN(Date.parse(at))))
        return { status: 400, json: { error: 'Invalid' } };
      return { json: { results: [{ metrics: [visible().has(page) ? 1 : 0], dimensions: [] }], meta: {}, query: {} } };
    },
  }),
  matomo: ({ events, visible }) => ({
    'POST /matomo.php': (heard) => {
      const form = new URLSearchParams(heard.body);
      const id = form.get('_id') ?? '';
      if (form.get('idsite') !== '1' || form.get('rec') !== '1' || !/^[\da-f]{16}$/.test(id)) return { status: 400 };
      if (form.has('e_c') && form.has('e_a')) events.add(id);
      return { status: 204 };
    },
    'POST /index.php': (heard) => {
      const form = new URLSearchParams(heard.body);
      if (form.get('token_auth') !== TOKEN || form.get('method') !== 'Live.getLastVisitsDetails') {
        return { json: { result: 'error', message: "You can't access this resource as it requires 'view' access." } };
      }
      const [, visitor = ''] = /^visitorId==([\da-f]{16})$/.exec(form.get('segment') ?? '') ?? [];
      return { json: visible().has(visitor) ? [{ idSite: '1', visitorId: visitor, actionDetails: [] }] : [] };
    },
  }),
  umami: ({ events, visible, seen }) => ({
    'POST /api/auth/login': (heard) => {
      const { username, password } = jsonOf(heard);
      return username === 'monitor' && password === 'hush'
        ? { json: { token: TOKEN, user: { id: 'x', username } } }
        : { status: 401, json: { error: { message: 'Incorrect username and/or password.' } } };
    },
    'POST /api/send': (heard) => {
      const { type, payload } = jsonOf(heard);
      const { website, url } = payload as Json;
      if (type !== 'event' || website !== 'site-1') return { status: 400, json: { error: 'Website not found.' } };
      if (!seen(heard)) return { json: { beep: 'boop' } };
      events.add(String(url));
      return { json: { cache: 'x', sessionId: 'x', visitId: 'x' } };
    },
    'GET /api/websites/site-1/events': (heard) => {
      if (!isBearer(heard)) return { status: 401, json: { error: 'Unauthorized' } };
      const isWithin = Number(heard.url.searchParams.get('startAt')) < Number(heard.url.searchParams.get('endAt'));
      const data = [...visible()].map((urlPath) => ({ id: 'x', urlPath, eventName: 'evenkeel', createdAt: 'x' }));
      return { json: { data: isWithin ? data : [], count: data.length, page: 1, pageSize: 100 } };
    },
  }),
  posthog: ({ events, visible }) => ({
    'POST /i/v0/e/': (heard) => {
      const { api_key: key, event, distinct_id: who, properties } = jsonOf(heard);
      if (key !== WRITE_KEY || typeof event !== 'string' || typeof who !== 'string') return { status: 400, json: {} };
      events.add(String((properties as Json)['evenkeel_check']));
      return { json: { status: 'Ok' } };
    },
    'POST /api/projects/7/query/': (heard) => {
      if (!isBearer(heard)) return { status: 401, json: { detail: 'Invalid API key.' } };
      const { query } = jsonOf(heard);
      const [, id = ''] = /properties\.evenkeel_check = '([\da-f]+)'/.exec(String((query as Json)['query'])) ?? [];
      return { json: { results: [[visible().has(id) ? 1 : 0]], columns: ['count()'], types: [['count()', 'UInt64']] } };
    },
  }),
};

function isBearer({ headers }: Heard): boolean {
  return headers.authorization === `Bearer ${TOKEN}`;
}

function jsonOf({ body }: Heard): Json {
  return JSON.parse(body) as Json;
}
