import type { Severity } from '../contracts/outbound.ts';

/** What decides who is told: the manifest's `escalate`, `people` and `channels`, made definite. */
export interface RouteSettings {
  /** Names of all channels, in the order of the manifest. */
  readonly channels: readonly string[];
  /** People with an address mail can go to. */
  readonly people: readonly string[];
  /** Whom the first level of `escalate.default` names; null without one. */
  readonly firstLevel: readonly string[] | null;
}

/** The channel every critical failure reaches, whatever else is written. */
const DEV = 'dev';

/**
 * Without any configuration: the channel `dev`, or every channel there is when none has that name. With
 * `escalate.default` its first level, and for what is critical `dev` as well. A level in which nobody can be reached,
 * such as one of rotations only, counts as none: an alert that nobody hears is worse than one that too many hear.
 */
export function routeOf(severity: Severity, { channels, people, firstLevel }: RouteSettings): readonly string[] {
  const dev = channels.filter((name) => name === DEV);
  const named = (firstLevel ?? []).flatMap((name) => {
    if (channels.includes(name)) return [name];
    return people.includes(name) ? [`person:${name}`] : [];
  });
  if (named.length === 0) return dev.length > 0 ? dev : channels;
  return [...new Set(severity === 'critical' ? [...named, ...dev] : named)];
}

/** The parts of the manifest that say who is told. */
export interface RouteParts {
  /** Names of all channels, in the order of the file. */
  readonly channels: readonly string[];
  readonly people: Readonly<Record<string, { readonly email?: string | undefined }>>;
  readonly escalate: Readonly<Record<string, readonly { readonly notify: readonly string[] }[]>>;
}

/** Only what this version acts on: mail to people, and the first level of `escalate.default`. */
export function routeSettingsOf({ channels, people, escalate }: RouteParts): RouteSettings {
  const reachable = Object.entries(people).filter(([, { email }]) => email !== undefined);
  const firstLevel = escalate['default']?.[0]?.notify ?? null;
  return { channels, people: reachable.map(([name]) => name), firstLevel };
}
