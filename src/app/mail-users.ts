import { routeSettingsOf } from '../alerting/index.ts';
import type { Manifest } from '../manifest/index.ts';

export interface MailUser {
  /** Where it is written. */
  readonly path: readonly string[];
  /** E.g. `the channel ops`. */
  readonly who: string;
}

/** Who is told by mail: channels of that kind, and people who are named where an alert goes first. */
export function mailUsersOf({ channels = {}, people = {}, escalate = {} }: Manifest): readonly MailUser[] {
  const byMail = Object.entries(channels).flatMap(([name, settings]) => ('email' in settings ? [name] : []));
  const { people: reachable, firstLevel } = routeSettingsOf({ channels: byMail, people, escalate });
  const told = reachable.filter((name) => firstLevel?.includes(name) === true);
  return [
    ...byMail.map((name) => ({ path: ['channels', name], who: `the channel ${name}` })),
    ...told.map((name) => ({ path: ['people', name, 'email'], who: name })),
  ];
}
