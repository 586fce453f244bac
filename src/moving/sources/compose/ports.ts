import { asText, type Fields, isFields, listIn, textIn } from '../../fields.ts';

/** A TCP port of a container that the machine passes on. */
export interface Published {
  readonly host: string;
  /** As it is written: a number, or a variable. */
  readonly port: string;
  /** Within the container. */
  readonly target: number;
}

/** Those that can be reached at a place that is known: one port at a time, chosen by whoever wrote the file. */
export function publishedIn(service: Fields): readonly Published[] {
  return listIn(service, 'ports').flatMap((written) => {
    const port = isFields(written) ? longForm(written) : shortForm(asText(written) ?? '');
    return port === undefined || !isOne(port.port) ? [] : [{ ...port, host: reachable(port.host) }];
  });
}

function longForm(written: Fields): Published | undefined {
  const [target, published] = [Number(textIn(written, 'target')), textIn(written, 'published')];
  if (published === undefined || !Number.isInteger(target) || (textIn(written, 'protocol') ?? 'tcp') !== 'tcp')
    return undefined;
  return { host: textIn(written, 'host_ip') ?? '', port: published, target };
}

/** `[host:]port:target[/protocol]`; a target alone gets a port that nobody knows before. */
function shortForm(written: string): Published | undefined {
  const address = written.replace(/\/tcp$/, '');
  const parts = address.match(PART) ?? [];
  if (parts.length < 2 || parts.length > 3) return undefined;
  const [target = '', port = '', host = ''] = parts.toReversed();
  return /^\d+$/.test(target) ? { host, port, target: Number(target) } : undefined;
}

/** What stands between colons; those of a variable with a default, and of an address in brackets, divide nothing. */
const PART = /(?:\$\{[^}]*\}|\[[^\]]*\]|[^:])+/g;

function isOne(port: string): boolean {
  return /^\d+$/.test(port) || port.startsWith('$');
}

function reachable(host: string): string {
  return host === '' || host === '0.0.0.0' || host === '::' || host === '[::]' ? '127.0.0.1' : host;
}
