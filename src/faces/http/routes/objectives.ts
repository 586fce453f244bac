import * as z from 'zod';
import type { ObjectiveFacts } from '../../../contracts/facts.ts';
import { errors } from '../errors.ts';
import * as answers from '../objective-answers.ts';
import { objectiveView } from '../objective-views.ts';
import { NO_INPUT, routeFor } from '../route.ts';

export interface ObjectiveDeps {
  readonly objectives: { readonly facts: ObjectiveFacts };
}

const route = routeFor<ObjectiveDeps>();

const list = route({
  method: 'GET',
  path: '/api/v1/objectives',
  role: 'viewer',
  summary: 'What was promised, what was reached, and what is left of each error budget.',
  input: NO_INPUT,
  answer: answers.ObjectiveListView,
  async handle(_input, { deps }) {
    const objectives = await deps.objectives.facts.objectives();
    return { status: 200, body: { objectives: objectives.map(objectiveView) } };
  },
});

const show = route({
  method: 'GET',
  path: '/api/v1/objectives/:name',
  role: 'viewer',
  summary: 'One promise with the speeds at which its budget is spent.',
  input: z.strictObject({ name: z.string().min(1).max(200).describe('Name of an objective, e.g. `api p95`.') }),
  answer: answers.ObjectiveView,
  async handle({ name }, { deps }) {
    const objectives = await deps.objectives.facts.objectives();
    const found = objectives.find((objective) => objective.name === name);
    if (found === undefined) throw errors.HTTP_OBJECTIVE_UNKNOWN({ name });
    return { status: 200, body: objectiveView(found) };
  },
});

export const objectiveRoutes = [list, show];
