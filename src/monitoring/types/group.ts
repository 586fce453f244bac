import * as z from 'zod';
import type { State } from '../../contracts/state.ts';
import { type CheckResult, defineMonitor, type Part, type ProbeIo } from '../monitor-type.ts';

const MEMBERS_MAX = 100;
const SHARE = /^(?<percent>\d{1,2}(?:\.\d{1,2})?|100)%$/;

const GroupSettings = z.strictObject({
  group: z
    .array(z.string())
    .min(1)
    .max(MEMBERS_MAX)
    .describe('Services and monitors whose states make its own, e.g. [web, api].'),
  min_up: z
    .int()
    .min(1)
    .optional()
    .describe('How many of them have to work: it is down below that, and degraded while any of them is not up.'),
  min_share: z
    .string()
    .regex(SHARE, 'Expected a share, such as "50%".')
    .transform((text) => Number(SHARE.exec(text)?.groups?.['percent']) / 100)
    .refine((share) => share > 0, 'Expected more than nothing, such as "50%".')
    .optional()
    .describe('The same as a share of them, e.g. "50%". Without both, it is as bad as the worst of them.'),
});
type GroupSettings = z.output<typeof GroupSettings>;

export const group = defineMonitor({
  type: 'group',
  summary: 'Makes one state of several: as bad as the worst of them, or down only when too few of them work.',
  example: 'fronts: { group: [front-1, front-2], min_up: 1 }',
  testedAgainst: 'monitors of this version',
  settings: GroupSettings,
  isPush: true,
  target: ({ group: members }) => list(members),
  members: ({ group: members }) => members,
  check: judge,
});

interface Member {
  readonly name: string;
  readonly state: State | null;
}

/** Of whom nothing is known, and whoever rests, is left out; nothing is said when nobody is left. */
async function judge(settings: GroupSettings, { stateOf }: Pick<ProbeIo, 'stateOf'>): Promise<CheckResult | undefined> {
  const members = await Promise.all(
    settings.group.map(async (name): Promise<Member> => ({ name, state: await stateOf(name) })),
  );
  const named = (state: State) => members.filter((member) => member.state === state).map(({ name }) => name);
  const [up, degraded, down] = [named('up'), named('degraded'), named('down')];
  const known = up.length + degraded.length + down.length;
  if (known === 0) return undefined;

  const parts = members.map(partOf);
  const needed = neededOf(settings, known);
  const working = known - down.length;
  const bad = sentence([
    [down, 'down'],
    [degraded, 'degraded'],
  ]);
  if (bad === '') return { state: 'up', parts };
  if (needed === undefined) return { state: down.length > 0 ? 'down' : 'degraded', reason: bad, parts };
  const reason = `${working} of ${known} work, and ${needed} ${needed === 1 ? 'is' : 'are'} needed: ${bad}`;
  return { state: working < needed ? 'down' : 'degraded', reason, parts };
}

/** Undefined: all of them. What nobody knows anything of is not needed either. */
function neededOf({ min_up: least, min_share: share }: GroupSettings, known: number): number | undefined {
  if (least === undefined && share === undefined) return undefined;
  // 0.07 * 100 is a little more than 7.
  const byShare = share === undefined ? 0 : Math.ceil(known * share - 1e-9);
  return Math.min(known, Math.max(least ?? 0, byShare));
}

function partOf({ name, state }: Member): Part {
  if (state === 'maintenance') return { name, state: 'unknown', detail: 'in maintenance' };
  return { name, state: state ?? 'unknown', detail: null };
}

const NAMED_MAX = 5;

/** `api is down; web and docs are degraded.` */
function sentence(kinds: readonly (readonly [names: readonly string[], word: string])[]): string {
  const clauses = kinds.flatMap(([names, word]) => (names.length === 0 ? [] : [clause(names, word)]));
  return clauses.length === 0 ? '' : `${clauses.join('; ')}.`;
}

function clause(names: readonly string[], word: string): string {
  return `${list(names)} ${names.length === 1 ? 'is' : 'are'} ${word}`;
}

/** `web, api and docs` */
function list(names: readonly string[]): string {
  const told = names.length > NAMED_MAX ? [...names.slice(0, NAMED_MAX), `${names.length - NAMED_MAX} more`] : names;
  return told.length === 1 ? names.join() : `${told.slice(0, -1).join(', ')} and ${told.at(-1)}`;
}
