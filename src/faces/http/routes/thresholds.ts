import type { ThresholdFacts } from '../../../contracts/facts.ts';
import type { ThresholdRule } from '../../../monitoring/index.ts';
import { NO_INPUT, routeFor } from '../route.ts';
import { ThresholdListView } from '../threshold-answers.ts';
import { crossedView, thresholdView } from '../threshold-views.ts';

export interface ThresholdDeps {
  readonly thresholds: {
    readonly facts: ThresholdFacts;
    /** Those in force, in the order of the preset and the manifest. */
    rules(): readonly ThresholdRule[];
  };
}

const route = routeFor<ThresholdDeps>();

const list = route({
  method: 'GET',
  path: '/api/v1/thresholds',
  role: 'viewer',
  summary: 'Which reading may go how far, which runbook says what to do beyond that, and what is beyond it now.',
  input: NO_INPUT,
  answer: ThresholdListView,
  async handle(_input, { deps: { thresholds } }) {
    const crossed = await thresholds.facts.crossed();
    return {
      status: 200,
      body: { thresholds: thresholds.rules().map(thresholdView), crossed: crossed.map(crossedView) },
    };
  },
});

export const thresholdRoutes = [list];
