import * as z from 'zod';
import { NO_INPUT, routeFor } from '../route.ts';

export interface OpenApiDeps {
  readonly openApi: () => object;
}

const route = routeFor<OpenApiDeps>();

const show = route({
  method: 'GET',
  path: '/api/v1/openapi.json',
  role: 'public',
  summary: 'This interface, described in OpenAPI 3.1.',
  input: NO_INPUT,
  answer: z.looseObject({}),
  async handle(_input, { deps }) {
    return { status: 200, body: { ...deps.openApi() } };
  },
});

export const openApiRoutes = [show];
