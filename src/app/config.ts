import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { ENVIRONMENT_ALIASES, ENVIRONMENTS } from '../contracts/app-model.ts';
import type { MailServer } from '../delivery/index.ts';
import { codeOf } from '../kernel/errors.ts';
import { LOG_LEVELS, type LogLevel } from '../kernel/log.ts';
import { Secret } from '../kernel/secret.ts';
import { errors } from './errors.ts';

const ENVIRONMENT_NAMES = [...ENVIRONMENTS, ...Object.keys(ENVIRONMENT_ALIASES)];
const HTTP = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });
const POSTGRES = z.url({ protocol: /^postgres(?:ql)?$/, error: 'must look like postgres://user:password@host/name' });

const SMTP = z.url({ protocol: /^smtps?$/, error: 'must look like smtp://user:password@host:587' });

/** Every variable that Evenkeel itself reads. The reference page is made from this. */
export const VARIABLES = {
  EVENKEEL_MANIFEST: z.string().optional().describe('The manifest. Default: evenkeel.yaml in the current folder.'),
  EVENKEEL_ENVIRONMENT: z
    .enum(ENVIRONMENT_NAMES, `must be one of ${ENVIRONMENT_NAMES.join(', ')}`)
    .optional()
    .describe('Which environment this process looks after. Default: local, or the first one of the manifest.'),
  EVENKEEL_HOST: z.string().default('127.0.0.1').describe('The address to listen on. Default: 127.0.0.1.'),
  EVENKEEL_PORT: z.coerce
    .number('must be a port number')
    .int('must be a port number')
    .min(0, 'must be a port number')
    .max(65_535, 'must be a port number')
    .default(7373)
    .describe('The port to listen on; 0 takes a free one. Default: 7373.'),
  EVENKEEL_DATA_DIR: z.string().optional().describe('Where state is kept. Default: .evenkeel in the current folder.'),
  EVENKEEL_DATABASE_URL: POSTGRES.optional().describe('A PostgreSQL database. Default: SQLite in the data folder.'),
  EVENKEEL_PUBLIC_URL: HTTP.optional().describe('How people reach it, for links. Default: the host and the port.'),
  EVENKEEL_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean),
    )
    .describe('Addresses or networks, comma-separated, whose X-Forwarded-For is believed. Default: none.'),
  EVENKEEL_SMTP_URL: SMTP.optional().describe(
    'The mail server, e.g. smtp://user:password@mail.example:587. Without it no mail is sent.',
  ),
  EVENKEEL_MAIL_FROM: z
    .string()
    .regex(/^[^\r\n<>]*<?[^\s<>@]+@[^\s<>@]+>?$/, 'must be an address, such as Shop <status@shop.example>')
    .optional()
    .describe('In whose name mail is sent. Default: evenkeel@ the name of the mail server.'),
  EVENKEEL_AGE_IDENTITY_FILE: z
    .string()
    .optional()
    .describe('The private age key that opens backups, to prove them by a restore. Without it they stay unproven.'),
  EVENKEEL_SIGNING_KEY_FILE: z
    .string()
    .optional()
    .describe('The private key that signs backups; `evenkeel key create` makes one. Without it no backup is made.'),
  EVENKEEL_BROWSER: z
    .string()
    .optional()
    .describe('The web browser for monitors of type browser. Default: Chromium or Chrome on the PATH.'),
  EVENKEEL_LOG_LEVEL: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
    .default('info')
    .describe('What is logged. Default: info.'),
  EVENKEEL_LOG_FORMAT: z
    .enum(['json', 'text'], 'must be json or text')
    .optional()
    .describe('How it is logged. Default: text on a terminal, json elsewhere.'),
  EVENKEEL_URL: HTTP.optional().describe('For commands: the server to talk to. Default: the one beside the data.'),
  EVENKEEL_TOKEN: z.string().optional().describe('For commands: the token for that server.'),
} as const;

/** These may stand in a file that the twin variable `…_FILE` names, as container platforms hand secrets out. */
export const SECRET_VARIABLES = ['EVENKEEL_DATABASE_URL', 'EVENKEEL_SMTP_URL', 'EVENKEEL_TOKEN'] as const;

const Environment = z.object(VARIABLES);

export interface Config {
  readonly manifest: string;
  /** Under any of its names; null leaves the choice to the manifest. */
  readonly environment: string | null;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly databaseUrl: Secret | null;
  /** Null when it was not set: links then use the address that is listened on. */
  readonly publicUrl: string | null;
  readonly trustedProxies: readonly string[];
  /** Null: no mail is sent. */
  readonly mail: MailServer | null;
  readonly identityFile: string | null;
  readonly signingKeyFile: string | null;
  /** Null: the one on the PATH. */
  readonly browser: string | null;
  readonly logLevel: LogLevel;
  readonly logFormat: 'json' | 'text' | null;
  readonly url: string | null;
  readonly token: Secret | null;
}

export type Variables = Readonly<Record<string, string | undefined>>;

/** Reads and checks everything at once, so that a person puts all of it right in one go. Values are never shown. */
export function readConfig(variables: Variables, folder: string): Config {
  const parsed = Environment.safeParse(withFiles(variables));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path: [name], message }) => `${String(name)} ${message}`);
    throw errors.CONFIG_INVALID({ problems: `${problems.join('; ')}.` });
  }
  const values = parsed.data;
  const secret = (name: (typeof SECRET_VARIABLES)[number]) => {
    const value = values[name];
    return value === undefined ? null : new Secret(value, name);
  };
  const fileOf = (file: string | undefined) => (file === undefined ? null : path.resolve(folder, file));
  return {
    manifest: path.resolve(folder, values.EVENKEEL_MANIFEST ?? 'evenkeel.yaml'),
    environment: values.EVENKEEL_ENVIRONMENT ?? null,
    host: values.EVENKEEL_HOST,
    port: values.EVENKEEL_PORT,
    dataDir: path.resolve(folder, values.EVENKEEL_DATA_DIR ?? '.evenkeel'),
    databaseUrl: secret('EVENKEEL_DATABASE_URL'),
    publicUrl: values.EVENKEEL_PUBLIC_URL?.replace(/\/$/, '') ?? null,
    trustedProxies: values.EVENKEEL_TRUSTED_PROXIES,
    mail: mailServer(secret('EVENKEEL_SMTP_URL'), values.EVENKEEL_MAIL_FROM),
    identityFile: fileOf(values.EVENKEEL_AGE_IDENTITY_FILE),
    signingKeyFile: fileOf(values.EVENKEEL_SIGNING_KEY_FILE),
    browser: fileOf(values.EVENKEEL_BROWSER),
    logLevel: values.EVENKEEL_LOG_LEVEL,
    logFormat: values.EVENKEEL_LOG_FORMAT ?? null,
    url: values.EVENKEEL_URL ?? null,
    token: secret('EVENKEEL_TOKEN'),
  };
}

function mailServer(url: Secret | null, from: string | undefined): MailServer | null {
  if (url === null) return null;
  return { url, from: from ?? `evenkeel@${new URL(url.reveal()).hostname}` };
}

/** An empty variable is one that is not set: that is how compose files and shells leave them out. */
function withFiles(variables: Variables): Variables {
  const set = Object.entries(variables).filter(([name, value]) => name in VARIABLES && value !== '');
  const fromFiles = SECRET_VARIABLES.flatMap((name) => {
    const file = variables[`${name}_FILE`];
    return file === undefined || file === '' ? [] : [[name, readSecret(`${name}_FILE`, file)] as const];
  });
  return Object.fromEntries([...fromFiles, ...set]);
}

function readSecret(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw errors.CONFIG_FILE_UNREADABLE({ variable, path: file, cause: codeOf(cause) }, { cause });
  }
}
