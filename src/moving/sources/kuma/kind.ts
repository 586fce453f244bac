import type { Row } from '../../import-source.ts';
import { demand } from '../../unlike.ts';
import type { Written } from '../../written.ts';
import type { KumaData } from './data.ts';
import { textIn } from './row.ts';

/** What becomes of one monitor: the keys of its type. */
export interface Mapped {
  readonly entry: { readonly [key: string]: Written | undefined };
  readonly notes?: readonly string[];
  /** It is told and does not ask: nothing to time out. */
  readonly isPush?: boolean;
  /** What `upside down` becomes: conditions that hold exactly when the target does not answer. */
  readonly upsideDown?: readonly string[];
}

export interface KindContext {
  readonly data: KumaData;
  /** The children of a group that are carried over, as names. */
  readonly childrenOf: (row: Row) => readonly string[];
}

/** Throws `Unlike`. */
export type Kind = (row: Row, context: KindContext) => Mapped;

export function hostOf(row: Row): string {
  return demand(textIn(row, 'hostname'), 'It names no host.');
}

/** `host:port`, an IPv6 address in brackets. */
export function hostAndPort(host: string, port: number): string {
  const isIpv6 = host.includes(':') && !host.startsWith('[');
  return `${isIpv6 ? `[${host}]` : host}:${port}`;
}
