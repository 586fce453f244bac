import { MINUTE_MS } from '../kernel/clock.ts';
import { formatDuration } from '../kernel/duration.ts';
import { didYouMean } from '../kernel/nearest-word.ts';
import { type Finding, formatPath, type Path } from './problem.ts';
import { type Manifest, SECTIONS } from './schema.ts';
import { nodeAt, placeOfKey, placeOfValue, type Tree } from './tree.ts';

/** Requirement MON-02: a heartbeat check every five minutes or faster. */
const INTERVAL_MS_MAX = 5 * MINUTE_MS;

/** What may be meant that way, but probably is not. The manifest is applied all the same. */
export function warningsOf(manifest: Manifest, tree: Tree): readonly Finding[] {
  return [
    ...slowChecks(manifest, tree),
    ...longTimeouts(manifest, tree),
    ...strangeEngines(manifest, tree),
    ...actsLater(tree),
  ];
}

function slowChecks(manifest: Manifest, tree: Tree): readonly Finding[] {
  return (['services', 'monitors'] as const).flatMap((section) =>
    Object.entries(manifest[section] ?? {}).flatMap(([name, { every }]) => {
      if (every === undefined || every <= INTERVAL_MS_MAX) return [];
      const path = [section, name, 'every'];
      return [
        {
          place: placeOfValue(tree, path),
          path,
          message: `${formatPath(path)}: a failure can go unseen this long; production needs a check every 5m or faster.`,
        },
      ];
    }),
  );
}

/** A check ends before the next one begins, whatever is written. */
function longTimeouts(manifest: Manifest, tree: Tree): readonly Finding[] {
  return (['services', 'monitors'] as const).flatMap((section) =>
    Object.entries(manifest[section] ?? {}).flatMap(([name, { every, timeout }]) => {
      if (every === undefined || timeout === undefined || timeout <= every) return [];
      const path = [section, name, 'timeout'];
      const message = `${formatPath(path)}: a check has no longer than until the next one, which comes after ${formatDuration(every)}.`;
      return [{ place: placeOfValue(tree, path), path, message }];
    }),
  );
}

/** Engines this project knows of; others are fine, a near miss is probably a mistake. */
const ENGINES = [
  'postgres',
  'mysql',
  'mariadb',
  'sqlite',
  'mongodb',
  'redis',
  'valkey',
  'memcached',
  's3',
  'rabbitmq',
  'nats',
  'kafka',
  'mosquitto',
  'elasticsearch',
  'opensearch',
  'clickhouse',
  'minio',
  'etcd',
  'nginx',
  'caddy',
  'haproxy',
];

function strangeEngines(manifest: Manifest, tree: Tree): readonly Finding[] {
  return Object.entries(manifest.services ?? {}).flatMap(([name, { engine }]) => {
    if (engine === undefined || ENGINES.includes(engine)) return [];
    const path = ['services', name, 'engine'];
    const message = `${formatPath(path)}: this engine is not one Evenkeel knows.`;
    return [{ place: placeOfValue(tree, path), path, message, hint: didYouMean(engine, ENGINES) }];
  });
}

/** One warning for all of them: a file that describes the whole application should not scroll by. */
function actsLater(tree: Tree): readonly Finding[] {
  const patterns = SECTIONS.flatMap((section) => ('actsLater' in section ? section.actsLater : []));
  const written = patterns.flatMap((pattern) => {
    const [first] = pathsOf(tree, pattern.split('.'));
    return first === undefined ? [] : [{ name: nameOf(pattern, first), path: first }];
  });
  const [first] = written;
  if (first === undefined) return [];
  const names = written.map(({ name }) => name).join(', ');
  const message = `This version reads and checks ${names}, but does not act on ${written.length > 1 ? 'them' : 'it'} yet.`;
  return [{ place: placeOfKey(tree, first.path), path: first.path, message }];
}

/** The key alone says it, unless it is somebody's name or the number of an entry. */
function nameOf(pattern: string, path: Path): string {
  const last = pattern.split('.').at(-1) ?? pattern;
  return /^[a-z_]+$/.test(last) ? last : formatPath(path);
}

/**
 * The paths a pattern stands for in this file: `services.*.backup` for one under every name, `escalate.!default` for
 * every name but that one, `escalate.default.1` for the second entry of a list.
 */
function pathsOf(tree: Tree, pattern: readonly string[]): readonly Path[] {
  return pattern.reduce<readonly Path[]>(
    (paths, step) => paths.flatMap((path) => stepsAt(nodeAt(tree, path), step).map((next) => [...path, next])),
    [[]],
  );
}

function stepsAt(node: Tree | undefined, step: string): readonly (string | number)[] {
  if (node?.kind === 'list') return Number(step) < node.items.length ? [Number(step)] : [];
  if (node?.kind !== 'map') return [];
  const keys = [...node.entries.keys()];
  if (step.startsWith('!')) return keys.filter((key) => key !== step.slice(1));
  return step === '*' ? keys : keys.filter((key) => key === step);
}
