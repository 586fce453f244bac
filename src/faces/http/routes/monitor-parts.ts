import * as z from 'zod';
import type { Actor } from '../../../contracts/roles.ts';
import * as answers from '../answers.ts';
import { DryRun, routeFor } from '../route.ts';

/** The file that a monitor was added in. */
export interface MonitorPart {
  /** Relative to the folder of the manifest. */
  readonly file: string;
  /** Empty where it is not for the one who asks: a secret that others wrote may stand in it. */
  readonly text: string;
}

export interface MonitorParts {
  /** Throws MONITOR_EXISTS and MONITOR_REFUSED. */
  add(
    part: { readonly name: string; readonly entry: Readonly<Record<string, unknown>> },
    actor: Actor,
    options: { readonly dryRun: boolean },
  ): Promise<MonitorPart>;
  /** Throws MONITOR_NOT_ADDED for what a person wrote. */
  remove(name: string, actor: Actor, options: { readonly dryRun: boolean }): Promise<MonitorPart>;
}

export interface MonitorPartDeps {
  readonly parts: MonitorParts;
}

/** Goes into a file name. */
const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i, 'Expected letters, digits, - and _, such as checkout.')
  .describe('Name of the monitor.');

const route = routeFor<MonitorPartDeps>();

const add = route({
  method: 'POST',
  path: '/api/v1/monitors',
  role: 'operator',
  summary: 'Adds a monitor to the manifest, in a file of its own below evenkeel.d.',
  input: z.strictObject({
    name: Name,
    entry: z
      .record(z.string().max(100), z.json())
      .refine((entry) => !('added_by' in entry), 'Who adds it is known.')
      .describe('As in the manifest, e.g. { "http": "https://shop.example/", "every": "30s" }.'),
    dryRun: DryRun,
  }),
  answer: answers.MonitorPartView,
  async handle({ name, entry, dryRun }, { actor, deps }) {
    const part = await deps.parts.add({ name, entry }, actor, { dryRun });
    return { status: dryRun ? 200 : 201, body: { isDryRun: dryRun, monitor: name, ...part }, subject: name };
  },
});

const remove = route({
  method: 'DELETE',
  path: '/api/v1/monitors/:name',
  role: 'operator',
  summary: 'Takes a monitor out that was added this way; its history is kept.',
  input: z.strictObject({ name: Name, dryRun: DryRun }),
  answer: answers.MonitorPartView,
  async handle({ name, dryRun }, { actor, deps }) {
    const part = await deps.parts.remove(name, actor, { dryRun });
    return { status: 200, body: { isDryRun: dryRun, monitor: name, ...part }, subject: name };
  },
});

export const monitorPartRoutes = [add, remove];
