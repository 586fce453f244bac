import { Secret } from '../../../kernel/secret.ts';
import { addressText, isTelling } from '../../address-text.ts';
import { type Fields, fieldsIn, flagIn, textIn } from '../../fields.ts';
import { goReferences, withReferences } from '../../reference-text.ts';
import { demand, Unlike } from '../../unlike.ts';
import { Reference, type Written } from '../../written.ts';

/** The keys that say what is asked and how, without the conditions. */
export interface Aim {
  readonly keys: { readonly [key: string]: Written | undefined };
  readonly notes?: readonly string[];
  /** Conditions of Gatus that the type sees to by itself. */
  readonly implied?: readonly string[];
}

/** By scheme. Throws `Unlike`. */
export function aimOf(endpoint: Fields): Aim {
  const url = demand(textIn(endpoint, 'url')?.trim(), 'It has no `url`.');
  refuseTunnels(fieldsIn(endpoint, 'client') ?? {});
  if (fieldsIn(endpoint, 'dns') !== undefined) return dns(endpoint, url);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  const known = demand(scheme, 'Its `url` does not say how to ask; write out the scheme, such as https://.');
  const aim = Object.hasOwn(AIMS, known) ? AIMS[known] : undefined;
  return demand(aim, `Evenkeel has no check for ${JSON.stringify(`${scheme}://`)}.`)(endpoint, url);
}

const AIMS: Readonly<Record<string, (endpoint: Fields, url: string) => Aim>> = {
  http: web,
  https: web,
  tcp: (endpoint, url) => ({ keys: { tcp: place(url), send: bodyOf(endpoint) } }),
  udp,
  tls: (endpoint, url) => ({ keys: { tls: place(url), ...trusting(endpoint) }, notes: unsent(endpoint) }),
  starttls: (endpoint, url) => ({ keys: { starttls: text(url.replace(/^starttls/i, 'smtp')), ...trusting(endpoint) } }),
  icmp: (endpoint, url) => ({ keys: { ping: text(url.replace(/^icmp:\/\//i, '')), ip: familyOf(endpoint) } }),
  ssh,
  ws: socket,
  wss: socket,
  grpc: (endpoint, url) => rpc(endpoint, place(url)),
  grpcs: (endpoint, url) => rpc(endpoint, text(url)),
};

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The keys of `http`, which those of a step are as well. */
function web(endpoint: Fields, url: string): Aim {
  const method = (textIn(endpoint, 'method') ?? 'GET').toUpperCase();
  if (!METHODS.includes(method))
    throw new Unlike(`It asks with the method ${method.slice(0, 20)}, which no check here does.`);
  const isGraphql = flagIn(endpoint, 'graphql') === true;
  const client = fieldsIn(endpoint, 'client') ?? {};
  return {
    keys: {
      http: withReferences(addressText(url), goReferences),
      method: method === 'GET' ? undefined : method,
      headers: headersOf(endpoint, isGraphql),
      body: bodyOf(endpoint, isGraphql),
      auth: authOf(client),
      client_certificate: certificateOf(client),
      ip: familyOf(endpoint),
      proxy: proxyOf(client),
      follow_redirects: flagIn(client, 'ignore-redirect') === true ? false : undefined,
      verify_tls: flagIn(client, 'insecure') === true ? false : undefined,
    },
  };
}

/** What is sent. Throws `Unlike` for what is different each time. */
function bodyOf(endpoint: Fields, isGraphql = false): Written | undefined {
  const written = textIn(endpoint, 'body');
  if (written === undefined) return undefined;
  if (/\[RANDOM_STRING_\d+\]|\[LOCAL_ADDRESS\]/.test(written)) {
    throw new Unlike(
      'Its body is different each time (`[RANDOM_STRING_N]` or `[LOCAL_ADDRESS]`), and here it is always the same.',
    );
  }
  const filled = ['name', 'group', 'url'].reduce(
    (body, key) => body.replaceAll(`[ENDPOINT_${key.toUpperCase()}]`, () => textIn(endpoint, key) ?? ''),
    written,
  );
  const body = isGraphql ? JSON.stringify({ query: filled }) : filled;
  return withReferences(isTelling(body) ? new Secret(body, 'body') : body, goReferences);
}

function headersOf(endpoint: Fields, isGraphql: boolean): Readonly<Record<string, Written>> | undefined {
  const own = Object.entries(fieldsIn(endpoint, 'headers') ?? {}).map(
    ([name, value]) => [name, headerText(name, String(value))] as const,
  );
  const isSaid = own.some(([name]) => name.toLowerCase() === 'content-type');
  const all = isGraphql && !isSaid ? [...own, ['Content-Type', 'application/json'] as const] : own;
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

function headerText(name: string, value: string): Written {
  return withReferences(isTelling(name) ? new Secret(value, name) : value, goReferences);
}

function authOf(client: Fields): Written | undefined {
  const oauth = fieldsIn(client, 'oauth2');
  if (oauth === undefined) return undefined;
  const scopes = oauth['scopes'];
  const missing = 'Its `oauth2` is not complete.';
  return {
    oauth: {
      token_url: withReferences(addressText(demand(textIn(oauth, 'token-url'), missing)), goReferences),
      client_id: text(demand(textIn(oauth, 'client-id'), missing)),
      client_secret: secret(demand(textIn(oauth, 'client-secret'), missing), 'client secret'),
      scope: Array.isArray(scopes) && scopes.length > 0 ? text(scopes.join(' ')) : undefined,
    },
  };
}

const OWN_CERTIFICATE = 'It shows a certificate of its own, which only `http` does here.';

/** Both files are read where Evenkeel runs. */
function certificateOf(client: Fields): Written | undefined {
  const tls = fieldsIn(client, 'tls');
  const [certificate, key] = ['certificate-file', 'private-key-file'].map((each) => textIn(tls ?? {}, each));
  if (certificate === undefined || key === undefined) return undefined;
  return { certificate: fileText(certificate), key: fileText(key) };
}

function fileText(file: string): Written {
  if (/[${}]/.test(file)) throw new Unlike('The file of its certificate has a variable in its name; write it out.');
  return new Reference(`file:${file}`);
}

function proxyOf(client: Fields): Written | undefined {
  const proxy = textIn(client, 'proxy-url');
  return proxy === undefined ? undefined : withReferences(addressText(proxy, 'proxy password'), goReferences);
}

/** Throws `Unlike` for what is there and no check here has. */
function refuseTunnels(client: Fields): void {
  const found = WAYS.find(([key]) => client[key] !== undefined && client[key] !== null);
  if (found !== undefined) throw new Unlike(`It asks ${found[1]} (\`client.${found[0]}\`), which no check here does.`);
}

const WAYS: readonly (readonly [key: string, what: string])[] = [
  ['dns-resolver', 'a name server of its own first'],
  ['identity-aware-proxy', 'through an identity-aware proxy'],
  ['tunnel', 'through an SSH tunnel'],
];

function udp(endpoint: Fields, url: string): Aim {
  const silent =
    'Gatus only opened a socket, which works whether or not anybody listens; here the server has to answer what `send` says.';
  const body = bodyOf(endpoint);
  return { keys: { udp: place(url), send: body }, notes: body === undefined ? [silent] : [] };
}

function ssh(endpoint: Fields, url: string): Aim {
  const login = fieldsIn(endpoint, 'ssh') ?? {};
  if (['username', 'password', 'private-key'].some((key) => textIn(login, key) !== undefined)) {
    throw new Unlike(
      'It logs in and runs a command; `ssh` here does not log in. A job can report by `heartbeat` instead.',
    );
  }
  return { keys: { ssh: place(url) }, implied: ['[STATUS] == 0'] };
}

function socket(endpoint: Fields, url: string): Aim {
  const body = textIn(endpoint, 'body') ?? '';
  if (body.includes('{{')) throw new Unlike('Its body is a template, and here it is always the same.');
  const client = fieldsIn(endpoint, 'client') ?? {};
  if (certificateOf(client) !== undefined) throw new Unlike(OWN_CERTIFICATE);
  return {
    keys: {
      websocket: withReferences(addressText(url), goReferences),
      headers: headersOf(endpoint, false),
      send: bodyOf(endpoint),
      verify_tls: flagIn(client, 'insecure') === true ? false : undefined,
    },
  };
}

function rpc(endpoint: Fields, grpc: Written): Aim {
  const client = fieldsIn(endpoint, 'client') ?? {};
  if (certificateOf(client) !== undefined) throw new Unlike(OWN_CERTIFICATE);
  return {
    keys: { grpc, verify_tls: flagIn(client, 'insecure') === true ? false : undefined },
    implied: ['[BODY].status == SERVING'],
  };
}

function dns(endpoint: Fields, url: string): Aim {
  const query = fieldsIn(endpoint, 'dns') ?? {};
  const server = url.replace(/^(?:udp|tcp|dns):\/\//, '');
  if (server.includes('://')) throw new Unlike('It asks a name server in another way than over UDP.');
  const record = (textIn(query, 'query-type') ?? 'A').toUpperCase();
  const isMany = /\[BODY\]/.test(JSON.stringify(endpoint['conditions'] ?? []));
  return {
    keys: {
      dns: text(demand(textIn(query, 'query-name'), 'It has no `query-name`.').replace(/(?<=.)\.$/, '')),
      record: record === 'A' ? undefined : record,
      server: text(server),
    },
    notes: isMany ? ['`[BODY]` is all the answers here, sorted, with commas between them; in Gatus it was one.'] : [],
  };
}

/** `host:port` without the scheme, and without what may stand behind. */
function place(url: string): Written {
  return text(url.replace(/^[a-z]+:\/\//i, '').replace(/\/.*$/, ''));
}

function unsent(endpoint: Fields): readonly string[] {
  return textIn(endpoint, 'body') === undefined
    ? []
    : ['Gatus sent a body after it had connected; here nothing is sent.'];
}

/** Types that always want a valid certificate. */
function trusting(endpoint: Fields): Readonly<Record<string, never>> {
  const client = fieldsIn(endpoint, 'client') ?? {};
  if (certificateOf(client) !== undefined) throw new Unlike(OWN_CERTIFICATE);
  if (flagIn(client, 'insecure') !== true) return {};
  throw new Unlike(
    'It takes any certificate (`client.insecure`), and here it has to be valid; `fingerprint` names one that is not.',
  );
}

function familyOf(endpoint: Fields): number | undefined {
  const network = textIn(fieldsIn(endpoint, 'client') ?? {}, 'network') ?? 'ip';
  return network === 'ip4' ? 4 : network === 'ip6' ? 6 : undefined;
}

function secret(value: string, name: string): Written {
  return withReferences(new Secret(value, name), goReferences);
}

function text(value: string): Written {
  return withReferences(value, goReferences);
}
