import { engineAddress, ownAddress } from './address.ts';
import { ALERTS, BACKUP_KEY, backups, canBeBackedUp } from './after-failure-blocks.ts';
import { present, shown } from './finding.ts';
import type { LeftOut } from './project-view.ts';
import { engineOf, type Part, reason, type Survey } from './survey.ts';

/** The commented manifest: what was found, why it stands there, and what to do next. */
export function manifestText({ app, parts }: Survey, leftOut: readonly LeftOut[]): string {
  const written = parts.map(writePart);
  const blocks = [
    introduction(parts.length > 0),
    [`app: ${plainName(app)}`],
    written.length === 0 ? NO_SERVICES : ['services:', ...written.flatMap(({ lines }) => ['', ...lines]).slice(1)],
    monitors(written.some(({ isWatched }) => isWatched)),
    statusPage(app, written),
    ALERTS,
    backups(written.filter(({ isBackedUp }) => isBackedUp).map(({ name }) => name)),
    nextSteps(written),
    leftOut.length === 0
      ? []
      : ['# Left out while looking around', ...leftOut.map(({ file, why }) => `# - ${shown(file)}: ${shown(why)}.`)],
  ];
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${text.join('\n\n')}\n`;
}

interface WrittenPart {
  readonly name: string;
  readonly lines: readonly string[];
  readonly variable: string | undefined;
  readonly isWatched: boolean;
  /** Holds data that can be backed up. */
  readonly isBackedUp: boolean;
  /** Written by the team, not a server of somebody else's. */
  readonly isOwn: boolean;
}

function introduction(isFound: boolean): readonly string[] {
  return [
    '# yaml-language-server: $schema=./.evenkeel/schema.json',
    '#',
    ...(isFound
      ? [
          '# What your application is made of. `evenkeel init` wrote this from what it read in this folder; each part says',
          '# where it was found. Lines that start with "Guess" need your eye, and then this file is yours.',
        ]
      : [
          '# What your application is made of. `evenkeel init` found nothing here that says so, hence this is a start to',
          '# build on. Until you add a service, Evenkeel watches itself, so that the status page has something to show.',
        ]),
  ];
}

function writePart(part: Part): WrittenPart {
  const { name, source, findings, needs } = part;
  const engine = engineOf(part);
  const address = engine === undefined ? ownAddress(part) : engineAddress(engine, part);
  const isBackedUp = canBeBackedUp(engine?.engine);
  const origin = findings.filter(({ fact }) => ORIGINS.has(fact.kind)).map(reason);
  const folder = source === '.' ? '.' : `./${source}`;
  const keys = present([
    source === undefined || engine !== undefined ? undefined : `source: ${quoted(folder)}`,
    engine === undefined ? undefined : `engine: ${engine.engine}`,
    ...address.lines,
    isBackedUp ? BACKUP_KEY : undefined,
    needs.length === 0 ? undefined : `depends_on: [${needs.map(plainName).join(', ')}]`,
  ]);
  const comments = [...new Set([...origin, ...address.reasons])].flatMap((text) => wrapped(text));
  const isBare = keys.every((key) => key.startsWith('#'));
  return {
    name,
    variable: address.variable,
    isWatched: address.isWatched,
    isBackedUp,
    isOwn: engine === undefined,
    lines: [
      ...comments.map((text) => `  # ${text}`),
      `  ${plainName(name)}:${isBare ? ' {}' : ''}`,
      ...keys.map((key) => `    ${key}`),
    ],
  };
}

const ORIGINS: ReadonlySet<string> = new Set(['part', 'needs engine']);
const COMMENT_CHARS_MAX = 110;

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > COMMENT_CHARS_MAX) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

const NO_SERVICES = [
  '# services:',
  '#   web:',
  '#     url: "https://shop.example"          # a service with a url is watched, once a minute',
  '#     health: /health                      # better than the front page: a path that says whether it works',
  '#     depends_on: [db]                     # when both fail, the db is named as the cause',
  '#   db:',
  '#     engine: postgres',
  '#     url: "${DATABASE_URL}"               # secrets stay in the environment or in .env',
];

function monitors(isSomethingWatched: boolean): readonly string[] {
  return [
    '# What to watch beside the services. A heartbeat waits to be told: a nightly job, a backup or a queue worker pings',
    '# its address after each success, and when the pings stop you hear of it.',
    ...(isSomethingWatched
      ? ['# monitors:']
      : [
          'monitors:',
          '  evenkeel:',
          '    description: Evenkeel itself',
          '    http: "http://127.0.0.1:${EVENKEEL_PORT:-7373}/health"',
        ]),
    '#   nightly:',
    '#     heartbeat: "0 3 * * *"               # due at three in the morning',
    '#     grace: 30m                           # and late after half past three',
  ];
}

function statusPage(app: string, parts: readonly WrittenPart[]): readonly string[] {
  const title = `${app.charAt(0).toUpperCase()}${app.slice(1)}`.replaceAll('-', ' ');
  const isPublic = (part: WrittenPart) => part.isOwn && part.isWatched;
  const shownParts = parts.filter(isPublic).map(({ name }) => name);
  const hidden = parts.filter((part) => !isPublic(part)).map(({ name }) => name);
  return [
    '# The page everybody may see. What is in no group stays private.',
    'status:',
    `  title: ${quoted(`${title} status`)}`,
    ...(shownParts.length === 0
      ? []
      : ['  groups:', `    ${quoted(title)}: [${shownParts.map(plainName).join(', ')}]`]),
    ...(shownParts.length === 0 || hidden.length === 0 ? [] : [`    # Private for now: ${hidden.join(', ')}`]),
  ];
}

function nextSteps(parts: readonly WrittenPart[]): readonly string[] {
  const variables = [...new Set(parts.flatMap(({ variable }) => variable ?? []))];
  const steps = [
    parts.length === 0 ? 'Describe your first service above.' : 'Look at every line marked "Guess".',
    ...(variables.length === 0
      ? []
      : [`Set ${variables.join(' and ')} in the environment or in .env (or NAME_FILE with the path of a file).`]),
    '`evenkeel check` finds mistakes before they matter.',
    '`evenkeel serve` watches what is described here; changes to this file apply within two seconds.',
  ];
  return ['# Next steps', ...steps.map((step, index) => `# ${index + 1}. ${step}`)];
}

/** A name, in quotes where YAML would take it for a number, a truth or nothing. */
function plainName(name: string): string {
  return /^(?:\d.*|null|true|false|yes|no|on|off)$/i.test(name) ? quoted(name) : name;
}

/** A YAML text that nothing is filled into. */
function quoted(text: string): string {
  return JSON.stringify(text.replaceAll('${', () => '$${'));
}
