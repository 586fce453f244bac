import { Readable } from 'node:stream';
import * as z from 'zod';
import type { MonitoringFacts } from '../../../contracts/facts.ts';
import type { Pictures } from '../../../kernel/pictures.ts';
import * as answers from '../answers.ts';
import { errors } from '../errors.ts';
import { monitorNamed } from '../monitor-named.ts';
import { Instant, routeFor } from '../route.ts';
import { picturesView } from '../views.ts';

export interface PictureDeps {
  readonly monitoring: { readonly facts: MonitoringFacts };
  readonly pictures: Pictures;
  readonly address: () => string;
}

const TYPE = 'image/png';
const Name = z.string().min(1).max(100).describe('Name of a monitor.');

const route = routeFor<PictureDeps>();

// What visitors see may be more than the state of a monitor: a shopping cart, a name.
const list = route({
  method: 'GET',
  path: '/api/v1/monitors/:name/pictures',
  role: 'operator',
  summary: 'Pictures of what a web browser showed when something was wrong, newest first.',
  input: z.strictObject({ name: Name }),
  answer: answers.PictureListView,
  async handle({ name }, { deps: { monitoring, pictures, address } }) {
    await monitorNamed(name, monitoring.facts);
    return { status: 200, body: { monitor: name, pictures: picturesView(address(), name, await pictures.list(name)) } };
  },
});

const show = route({
  method: 'GET',
  path: '/api/v1/monitors/:name/pictures/:at',
  role: 'operator',
  summary: 'One of these pictures.',
  input: z.strictObject({ name: Name, at: Instant.describe('When it was taken, as the list says.') }),
  answer: z.instanceof(Readable),
  type: TYPE,
  async handle({ name, at }, { deps: { monitoring, pictures } }) {
    await monitorNamed(name, monitoring.facts);
    const picture = await pictures.read(name, at);
    if (picture === undefined) throw errors.HTTP_PICTURE_UNKNOWN({ name });
    return { status: 200, type: TYPE, body: Readable.from([Buffer.from(picture)]) };
  },
});

export const pictureRoutes = [list, show];
