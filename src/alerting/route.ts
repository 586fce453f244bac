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
 * `escalate.default` its first level, and for what is critical `dev` as well.
 */
export function routeOf(severity: Severity, { channels, people, firstLevel }: RouteSettings): readonly string[] {
  const dev = channels.filter((name) => name === DEV);
  if (firstLevel === null) return dev.length > 0 ? dev : channels;
  const named = firstLevel.flatMap((name) => {
    if (channels.includes(name)) return [name];
    return people.includes(name) ? [`person:${name}`] : [];
  });
  return [...new Set(severity === 'critical' ? [...named, ...dev] : named)];
}
