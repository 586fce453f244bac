import { createHash } from 'node:crypto';
import path from 'node:path';
import type { AppModel } from '../contracts/app-model.ts';
import { didYouMean } from '../kernel/nearest-word.ts';
import { loadTypesNamed } from '../monitoring/index.ts';
import { crossChecks } from './cross-checks/index.ts';
import { environmentsOf } from './environments.ts';
import { interpolate } from './interpolate.ts';
import { mergeFiles } from './merge.ts';
import { environmentOf, modelOf } from './model.ts';
import { type Finding, type Path, type Place, type Problem, sortProblems, toProblem } from './problem.ts';
import { type ReadFiles, readSources, type Sources, startOf } from './read-sources.ts';
import type { Manifest } from './schema.ts';
import { type MapNode, placeOfKey, type Tree, toData } from './tree.ts';
import { validate } from './validate.ts';
import { createLookup, type Environment } from './variable-lookup.ts';
import { warningsOf } from './warnings.ts';
import { parseYaml } from './yaml-tree.ts';

export interface LoadOptions {
  /** The main file, absolute. Its folder is where `evenkeel.d/`, `.env` and `${file:…}` are looked for. */
  readonly path: string;
  readonly files: ReadFiles;
  /** The environment of the process. */
  readonly environmentVariable: Environment;
  /** The environment to look after, under any of its names; without it `local`, or the first one described. */
  readonly environment?: string | undefined;
}

export type LoadResult = LoadedManifest | RejectedManifest;

export interface LoadedManifest {
  readonly outcome: 'loaded';
  readonly manifest: Manifest;
  readonly model: AppModel;
  readonly warnings: readonly Problem[];
  /** SHA-256 of the files as written, in hexadecimal: the same text has the same digest whatever its variables hold. */
  readonly digest: string;
  /** Relative to the folder of the main file, in the order they were merged. */
  readonly files: readonly string[];
  /** The files as one, before any reference was filled in: what stands in the repository, and nothing secret beside. */
  readonly written: unknown;
  /** Says something about a key, at its place. */
  problemAt(path: Path, message: string, hint?: string): Problem;
}

export interface RejectedManifest {
  /** `absent`: there is no file at all, so that an empty folder can be answered with more than an error. */
  readonly outcome: 'invalid' | 'absent';
  readonly problems: readonly Problem[];
  readonly files: readonly string[];
}

/** Nobody reads further, and a megabyte of mistakes must not become a hundred of messages. */
const PROBLEMS_MAX = 100;

/**
 * The way from files to the application they describe: read, parse, merge, fill in, validate, check across. Each step
 * collects all it finds; the next one starts only when there was nothing, because it would find echoes.
 */
export async function loadManifest(options: LoadOptions): Promise<LoadResult> {
  const sources = await readSources(options.files, options.path);
  const report = createReport(sources);
  if (sources.sources.length === 0 && sources.findings.length === 0) {
    return { ...report.reject([await absence(options)]), outcome: 'absent' };
  }

  const parsed = parseAll(sources);
  if (!('tree' in parsed)) return report.reject(parsed.findings);

  const folder = path.dirname(options.path);
  const { files, environmentVariable } = options;
  const lookup = createLookup({ files, environment: environmentVariable, folders: [folder] });
  const filled = await interpolate(parsed.tree, { lookup, files, folder });
  // Missing variables do not keep the rest from being checked, but their echoes are left out.
  await loadTypesNamed(toData(filled.tree));
  const judged = judge(filled.tree, options.environment);
  const gaps = new Set(filled.findings.map(({ path: at }) => JSON.stringify(at)));
  const echoless = judged.findings.filter(({ path: at }) => !gaps.has(JSON.stringify(at)));
  const findings = [...filled.findings, ...echoless];
  if (findings.length > 0 || judged.outcome === 'invalid') return report.reject(findings);

  const { manifest, environment } = judged;
  return {
    outcome: 'loaded',
    manifest,
    model: modelOf(manifest, environment),
    warnings: report.problems([...sources.warnings, ...warningsOf(manifest, filled.tree)]),
    digest: digestOf(sources),
    files: report.files,
    written: toData(parsed.tree),
    problemAt: (at, message, hint) => report.problem({ place: placeOfKey(filled.tree, at), path: at, message, hint }),
  };
}

function parseAll({ sources, findings: unread }: Sources): { tree: MapNode } | { findings: readonly Finding[] } {
  const parsed = sources.map(({ file, text }) => parseYaml(file, text));
  const findings = [...unread, ...parsed.flatMap((one) => (one.outcome === 'invalid' ? one.findings : []))];
  const [first, ...parts] = parsed.flatMap((one) => (one.outcome === 'parsed' ? [one.tree] : []));
  if (findings.length > 0 || first === undefined) return { findings };

  const merged = mergeFiles([first, ...parts]);
  if (merged.findings.length > 0) return { findings: merged.findings };
  return merged.tree.entries.size === 0 ? { findings: [nothingIn(first.place.file)] } : { tree: merged.tree };
}

type Judged =
  | {
      readonly outcome: 'valid';
      readonly manifest: Manifest;
      readonly environment: string;
      readonly findings: readonly Finding[];
    }
  | { readonly outcome: 'invalid'; readonly findings: readonly Finding[] };

function judge(tree: Tree, wanted: string | undefined): Judged {
  const validated = validate(tree);
  if (validated.outcome === 'invalid') return validated;
  const { manifest } = validated;
  const findings = crossChecks.flatMap((check) => check(manifest, tree));
  const environment = environmentOf(manifest, wanted);
  if (environment !== undefined) return { outcome: 'valid', manifest, environment, findings };
  return { outcome: 'invalid', findings: [...findings, noSuchEnvironment(manifest, tree, wanted ?? '')] };
}

function noSuchEnvironment(manifest: Manifest, tree: Tree, wanted: string): Finding {
  const known = environmentsOf(manifest);
  return {
    place: placeOfKey(tree, ['environments']),
    path: ['environments'],
    message:
      known.length === 0
        ? 'environments: expected at least one environment.'
        : `environments: "${wanted}" is not one of ${known.join(', ')}.`,
    hint: didYouMean(wanted, known) ?? 'Set EVENKEEL_ENVIRONMENT to one of them, or add it here.',
  };
}

function nothingIn(file: string): Finding {
  return {
    place: startOf(file),
    message: 'There is nothing in this file yet.',
    hint: 'Start with `app: <name>`, or let `evenkeel init` look at the folder and write the file.',
  };
}

async function absence({ files, path: manifestPath }: LoadOptions): Promise<Finding> {
  const file = path.basename(manifestPath);
  const neighbours = await files.list(path.dirname(manifestPath));
  const other = file.replace(/\.yaml$/, '.yml');
  return {
    place: startOf(file),
    message: `There is no ${file} here.`,
    hint: neighbours.includes(other)
      ? `Rename ${other} to ${file}.`
      : 'Run `evenkeel init`: it looks at the folder and writes the file.',
  };
}

function digestOf({ sources }: Sources): string {
  const hash = createHash('sha256');
  for (const { file, text } of sources) hash.update(JSON.stringify([file, text]));
  return hash.digest('hex');
}

/** Turns findings into problems with their source lines, in reading order. */
function createReport({ sources }: Sources) {
  const files = sources.map(({ file }) => file);
  const linesOf = new Map(sources.map(({ file, text }) => [file, text.split(/\r?\n/)]));
  const lineAt = ({ file, line }: Place) => linesOf.get(file)?.[line - 1] ?? '';
  const problem = (finding: Finding) => toProblem(finding, lineAt);
  const problems = (findings: readonly Finding[]) => sortProblems(findings.slice(0, PROBLEMS_MAX).map(problem), files);
  const reject = (findings: readonly Finding[]): RejectedManifest => ({
    outcome: 'invalid',
    problems: problems(findings),
    files,
  });
  return { files, problem, problems, reject };
}
