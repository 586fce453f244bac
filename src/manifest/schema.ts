import * as z from 'zod';
import { alertingSection } from '../alerting/index.ts';
import { backupsSection } from '../backups/index.ts';
import { ENVIRONMENT_ALIASES, ENVIRONMENTS } from '../contracts/app-model.ts';
import { deliverySection } from '../delivery/index.ts';
import { deploysSection } from '../deploys/index.ts';
import { secretText } from '../kernel/secret-text.ts';
import { monitoringSection, monitorsSchema, monitorTypes } from '../monitoring/index.ts';
import { statusSection } from '../status/index.ts';
import { VariableDeclaration } from './service-variables.ts';

/** A new area joins the manifest by a line here and two in the schemas below, where its types are needed. */
export const SECTIONS = [
  monitoringSection,
  statusSection,
  alertingSection,
  deliverySection,
  backupsSection,
  deploysSection,
] as const;

const Address = secretText(
  z.string().refine((text) => URL.canParse(text), 'Expected an address with its scheme, such as https://shop.example.'),
);

const Health = z
  .string()
  .regex(/^(?:\/|https?:\/\/)\S*$/, 'Expected a path such as /health, or a whole address.')
  .describe('The path of its health endpoint, e.g. /health; or a whole address where that is another one.');

const Service = z
  .strictObject({
    description: z.string().min(1).max(200).optional().describe('One line for visitors of the status page.'),
    source: z.string().min(1).optional().describe('The folder of its source code, e.g. ./web.'),
    engine: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'Expected the name of a server in small letters, such as postgres.')
      .optional()
      .describe('What kind of server it is, when the team did not write it: postgres, redis, s3 …'),
    url: Address.optional().describe('Where it answers. With a `url` it is watched without being listed.'),
    health: Health.optional(),
    bucket: z.string().min(1).optional().describe('The bucket that is used, of an object store.'),
    depends_on: z.array(z.string()).optional().describe('Services or monitors that must work for this one to work.'),
    was: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe('Earlier names: their history is kept.'),
    env: z
      .record(
        z.string().regex(/^[A-Za-z_]\w*$/, 'Expected the name of a variable, such as DATABASE_URL.'),
        VariableDeclaration,
      )
      .optional()
      .describe('The variables it needs, with their types: they are checked before it starts.'),
    ...monitoringSection.service,
    ...statusSection.service,
    ...alertingSection.service,
    ...deliverySection.service,
    ...backupsSection.service,
    ...deploysSection.service,
  })
  .describe('A part of the application.');

const EnvironmentName = z.enum([...ENVIRONMENTS, ...Object.keys(ENVIRONMENT_ALIASES)]);
const EnvironmentSettings = z
  .strictObject({ description: z.string().max(200).optional().describe('What it is for, in one line.') })
  .nullable()
  .transform((settings) => settings ?? {});

/** The whole of evenkeel.yaml, as far as its monitors are of types that are loaded. */
export function manifestSchema(): ManifestSchema {
  const loaded = monitorTypes.loaded().length;
  if (latest?.loaded !== loaded) latest = { loaded, schema: schemaOf() };
  return latest.schema;
}

let latest: { readonly loaded: number; readonly schema: ManifestSchema } | undefined;

function schemaOf() {
  return z
    .strictObject({
      app: z
        .string()
        .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'Expected small letters, digits and hyphens, such as shop.')
        .describe('The name of the application.'),
      environments: z
        .partialRecord(EnvironmentName, EnvironmentSettings)
        .optional()
        .describe('Where it runs: local, sandbox, testbed, live; also known as dev, staging, uat, production.'),
      services: z
        .record(z.string(), Service)
        .optional()
        .describe('What the application is made of, by name. A service with a `url` or `health` is watched.'),
      monitors: monitorsSchema(),
      ...monitoringSection.topLevel,
      ...statusSection.topLevel,
      ...alertingSection.topLevel,
      ...deliverySection.topLevel,
      ...backupsSection.topLevel,
      ...deploysSection.topLevel,
    })
    .describe('The manifest of one application.');
}

type ManifestSchema = ReturnType<typeof schemaOf>;
export type Manifest = z.output<ManifestSchema>;
