import path from 'node:path';
import { asText, type Fields, fieldsIn, isFields, listIn, textIn } from '../../fields.ts';
import type { ImportIo } from '../../import-source.ts';
import { readYaml } from '../../yaml-source.ts';
import type { BlackboxConfig } from './read.ts';

/** One thing that Prometheus has asked about. */
export interface AskedFor {
  readonly target: string;
  readonly module: string | undefined;
  /** Where it is written. */
  readonly from: string;
}

/** Targets that are found in a way that no file tells. */
export interface Unfound {
  /** E.g. `kubernetes_sd_configs`. */
  readonly how: string;
  readonly from: string;
}

export interface Targets {
  readonly asked: readonly AskedFor[];
  readonly unfound: readonly Unfound[];
}

interface Group {
  readonly fields: Fields;
  place(index: number): string;
}

/** Everything that one job has asked about, in files as well. */
export async function targetsOf(job: Fields, index: number, config: BlackboxConfig, io: ImportIo): Promise<Targets> {
  const at = ['scrape_configs', index] as const;
  const here = listIn(job, 'static_configs').flatMap((fields, group): readonly Group[] => {
    const place = (target: number) =>
      config.place(config.prometheus, [...at, 'static_configs', group, 'targets', target]);
    return isFields(fields) ? [{ fields, place }] : [];
  });
  const unfound = Object.keys(job)
    .filter((key) => key.endsWith('_sd_configs') && key !== 'file_sd_configs')
    .map((how) => ({ how, from: config.place(config.prometheus, [...at, how]) }));
  const files = await inFiles(job, config, io);
  if (files.missing.length > 0) {
    const from = config.place(config.prometheus, [...at, 'file_sd_configs']);
    unfound.push(...files.missing.map((file) => ({ how: `${file}, which is not there`, from })));
  }
  const module = asText(listIn(fieldsIn(job, 'params') ?? {}, 'module')[0]);
  const label = moduleLabelOf(job);
  const asked = [...here, ...files.groups].flatMap(({ fields, place }) => {
    const own = label === undefined ? undefined : textIn(fieldsIn(fields, 'labels') ?? {}, label);
    return listIn(fields, 'targets').flatMap((target, each) => {
      const text = asText(target)?.trim();
      return text === undefined ? [] : [{ target: text, module: own ?? module, from: place(each) }];
    });
  });
  return { asked, unfound };
}

async function inFiles(job: Fields, { prometheus }: BlackboxConfig, io: ImportIo) {
  const groups: Group[] = [];
  const missing: string[] = [];
  const patterns = listIn(job, 'file_sd_configs')
    .filter(isFields)
    .flatMap((each) => listIn(each, 'files').map(String));
  for (const pattern of patterns) {
    const files = await filesLike(pattern, path.posix.dirname(prometheus.file), io);
    if (files.length === 0) missing.push(pattern);
    for (const file of files) groups.push(...(await groupsIn(file, io)));
  }
  return { groups, missing };
}

/** Only the last part of a pattern may have a star. */
async function filesLike(pattern: string, folder: string, io: ImportIo): Promise<readonly string[]> {
  const whole = path.posix.isAbsolute(pattern) ? pattern : path.posix.join(folder, pattern);
  const [inside, name] = [path.posix.dirname(whole), path.posix.basename(whole)];
  const [first = '', ...others] = name.split('*');
  const last = others.at(-1);
  return (await io.list(inside))
    .filter((each) => (last === undefined ? each === name : each.startsWith(first) && each.endsWith(last)))
    .map((each) => path.posix.join(inside, each));
}

async function groupsIn(file: string, io: ImportIo): Promise<readonly Group[]> {
  const read = readYaml((await io.read(file)) ?? '');
  if ('problem' in read || !Array.isArray(read.content)) return [];
  const groups: readonly unknown[] = read.content;
  return groups.flatMap((fields, index) => {
    return isFields(fields)
      ? [{ fields, place: (each: number) => `${file}:${read.lineOf([index, 'targets', each])}` }]
      : [];
  });
}

/** The label that says with which module, where relabelling takes it from one. */
function moduleLabelOf(job: Fields): string | undefined {
  const rule = listIn(job, 'relabel_configs')
    .filter(isFields)
    .find((each) => textIn(each, 'target_label') === '__param_module');
  return rule === undefined ? undefined : asText(listIn(rule, 'source_labels')[0]);
}

/** Why the targets are not what is written; null when they are. */
export function relabelled(job: Fields): string | null {
  const rules = listIn(job, 'relabel_configs').filter(isFields);
  if (rules.some((rule) => CHOOSING.includes(textIn(rule, 'action') ?? ''))) {
    return 'Its relabelling chooses among its targets (`keep`, `drop`), which an import does not work out.';
  }
  const odd = rules
    .map((rule) => textIn(rule, 'target_label') ?? '')
    .find((label, index) => {
      return label.startsWith('__param_') && !isUsual(rules[index] ?? {}, label);
    });
  if (odd === undefined) return null;
  return `Its relabelling makes \`${odd}\` of something else than what is written, which an import does not work out.`;
}

const CHOOSING = ['keep', 'drop', 'keepequal', 'dropequal'];

/** What the manual of the exporter shows: the whole of one label, as it is. */
function isUsual(rule: Fields, label: string): boolean {
  const isWhole = ['(.*)', '.*', '(.+)', '.+'].includes(textIn(rule, 'regex') ?? '(.*)');
  const isKept = /^\$(?:1|\{1\})$/.test(textIn(rule, 'replacement') ?? '$1');
  const [source, ...others] = listIn(rule, 'source_labels').map(String);
  const isOfTarget = label === '__param_module' || (label === '__param_target' && source === '__address__');
  return isWhole && isKept && isOfTarget && others.length === 0;
}
