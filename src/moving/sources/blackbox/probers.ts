import { type Fields, fieldsIn, flagIn, isFields, listIn, textIn } from '../../fields.ts';
import { demand, Unlike } from '../../unlike.ts';
import { http } from './http.ts';
import { type Asking, FAMILY, familyOf, type Keys, refuseOthers, tlsOf } from './options.ts';
import { plainPattern } from './patterns.ts';

/** What a module asks of one target. Throws `Unlike`. */
export function askingOf(module: Fields, target: string): Asking {
  refuseOthers(module, ['prober', 'timeout', ...Object.keys(PROBERS)]);
  const name = textIn(module, 'prober') ?? '';
  const prober = Object.hasOwn(PROBERS, name) ? PROBERS[name] : undefined;
  return demand(prober, `Evenkeel has no check like the prober ${JSON.stringify(name)}.`)(
    fieldsIn(module, name) ?? {},
    target,
  );
}

const PROBERS: Readonly<Record<string, (options: Fields, target: string) => Asking>> = { http, tcp, dns, icmp, grpc };

function icmp(options: Fields, target: string): Asking {
  refuseOthers(options, FAMILY);
  return { keys: { ping: target, ip: familyOf(options) } };
}

function grpc(options: Fields, target: string): Asking {
  refuseOthers(options, [...FAMILY, 'service', 'tls', 'tls_config']);
  refuseFamily(options);
  const { isUnverified, authority, clientCertificate, serverName } = tlsOf(options);
  if (authority !== undefined || clientCertificate !== undefined || serverName !== undefined) {
    throw new Unlike('Its `tls_config` has more than `insecure_skip_verify`, and `grpc` here has no such keys.');
  }
  const address = flagIn(options, 'tls') === true ? `grpcs://${target}` : target;
  return { keys: { grpc: address, service: textIn(options, 'service'), verify_tls: isUnverified ? false : undefined } };
}

function dns(options: Fields, target: string): Asking {
  refuseOthers(options, [
    ...FAMILY,
    'query_name',
    'query_type',
    'query_class',
    'valid_rcodes',
    'transport_protocol',
    'recursion_desired',
  ]);
  refuseFamily(options);
  refuseOddQuestions(options);
  const record = textIn(options, 'query_type')?.toUpperCase() ?? 'ANY';
  const codes = listIn(options, 'valid_rcodes').map(String);
  const expected = codes.length === 0 ? ['NOERROR'] : codes;
  return {
    keys: {
      dns: demand(textIn(options, 'query_name'), 'It has no `query_name`.').replace(/(?<=.)\.$/, ''),
      record: record === 'A' ? undefined : record,
      server: target,
      expect: [`[DNS_RCODE] == ${expected.length === 1 ? expected[0] : `any(${expected.join(', ')})`}`],
    },
  };
}

function refuseOddQuestions(options: Fields): void {
  const odd = ODD_QUESTIONS.find(
    ([key, usual]) => (textIn(options, key) ?? usual).toLowerCase() !== usual.toLowerCase(),
  );
  if (odd !== undefined) throw new Unlike(`Its \`${odd[0]}\` is not ${odd[1]}, and \`dns\` here asks in no other way.`);
  if ((textIn(options, 'query_type') ?? 'ANY').toUpperCase() === 'ANY') {
    throw new Unlike('It asks for ANY record, which name servers need not answer (RFC 8482); name one.');
  }
}

const ODD_QUESTIONS: readonly (readonly [key: string, usual: string])[] = [
  ['transport_protocol', 'udp'],
  ['query_class', 'IN'],
  ['recursion_desired', 'true'],
];

function tcp(options: Fields, target: string): Asking {
  refuseOthers(options, [...FAMILY, 'query_response', 'tls', 'tls_config']);
  refuseFamily(options);
  const steps = listIn(options, 'query_response').filter(isFields);
  if (steps.some((step) => flagIn(step, 'starttls') === true)) return starttls(options, steps, target);
  if (flagIn(options, 'tls') !== true) return { keys: { tcp: target, ...talkOf(steps) }, notes: greetingNotes(steps) };
  if (steps.length > 0) throw new Unlike('It says something after the handshake, and `tls` here only shakes hands.');
  return { keys: { tls: target, ...strictTls(options) } };
}

/** The one conversation whose kind can be told from its words. */
function starttls(options: Fields, steps: readonly Fields[], target: string): Asking {
  const says = (pattern: RegExp) => steps.some((step) => pattern.test(textIn(step, 'send') ?? ''));
  const scheme = says(/^EHLO\b/i) ? 'smtp' : says(/^\w+ STARTTLS/i) ? 'imap' : says(/^STLS/i) ? 'pop3' : undefined;
  const kind = demand(scheme, 'It changes over to TLS in a conversation that is none of mail.');
  const { server_name: _name, ...keys } = strictTls(options);
  const behind = steps.slice(steps.findIndex((step) => flagIn(step, 'starttls') === true) + 1);
  const isMore = behind.some((step) => textIn(step, 'expect') !== undefined);
  return {
    keys: {
      starttls: `${kind}://${target}`,
      ...keys,
      server_name: textIn(fieldsIn(options, 'tls_config') ?? {}, 'server_name'),
    },
    notes: isMore ? ['What the server says once TLS stands was looked at too; here it is not.'] : [],
  };
}

/** Types that judge the certificate. */
function strictTls(options: Fields): Keys {
  const { isUnverified, authority, clientCertificate, serverName } = tlsOf(options);
  if (isUnverified)
    throw new Unlike(
      'It takes any certificate (`insecure_skip_verify`), and here it has to be valid; `fingerprint` names one that is not.',
    );
  if (clientCertificate !== undefined)
    throw new Unlike('It shows a certificate of its own, which only `http` does here.');
  return { authority, server_name: serverName };
}

interface Said {
  readonly kind: 'expect' | 'send';
  readonly text: string;
}

/** A greeting, something that is said, and the answer to it; a good-bye is left out. */
function talkOf(steps: readonly Fields[]): Keys {
  const said = wordsOf(steps);
  const order = said.map(({ kind }) => kind).join(' ');
  if (!/^(?:expect ?)?(?:send ?(?:expect)?)?$/.test(order)) {
    throw new Unlike('It talks for longer than `tcp` here does: a greeting, one thing to say, and the answer.');
  }
  const [greeting] = order.startsWith('expect') ? said : [];
  const [question, answer] = greeting === undefined ? said : said.slice(1);
  return {
    banner: greeting && textTo(greeting.text),
    send: question && `${question.text}\n`,
    contains: answer && textTo(answer.text),
  };
}

function wordsOf(steps: readonly Fields[]): readonly Said[] {
  const said = steps.flatMap((step) =>
    (['expect', 'send'] as const).flatMap((kind): readonly Said[] => {
      const text = textIn(step, kind);
      return text === undefined ? [] : [{ kind, text }];
    }),
  );
  const last = said.findLastIndex(({ kind, text }) => kind === 'expect' || !/^QUIT/i.test(text));
  return said.slice(0, last + 1);
}

function textTo(regexp: string): string {
  const { texts, isAtEnd } = plainPattern(regexp, true);
  const [text = '', ...others] = texts;
  if (others.length > 0 || isAtEnd)
    throw new Unlike(`It waits for ${JSON.stringify(regexp.slice(0, 80))}, which is more than a text to look for.`);
  return text;
}

function greetingNotes(steps: readonly Fields[]): readonly string[] {
  const isAnchored = steps.some((step) => textIn(step, 'expect')?.startsWith('^') === true);
  return isAnchored
    ? ['The text was to stand at the start of a line; here it may stand anywhere in what the server says.']
    : [];
}

function refuseFamily(options: Fields): void {
  if (familyOf(options) !== undefined)
    throw new Unlike(
      'It uses one family of addresses only (`ip_protocol_fallback: false`), which only `http` and `ping` do here.',
    );
}
