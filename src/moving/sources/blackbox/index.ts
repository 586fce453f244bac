import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/clock.ts';
import { formatDuration, parseDuration } from '../../../kernel/duration.ts';
import { type Fields, fieldsIn, isFields, listIn, textIn } from '../../fields.ts';
import type { ImportSource } from '../../import-source.ts';
import type { NameFor } from '../../names.ts';
import { cannot, carried, type ImportItem, leftOut } from '../../plan.ts';
import { attempt, demand, Unlike } from '../../unlike.ts';
import { askingOf } from './probers.ts';
import { type BlackboxConfig, readBlackbox } from './read.ts';
import { type AskedFor, relabelled, targetsOf } from './targets.ts';

const TIMEOUT_MS_MAX = 5 * MINUTE_MS;
const USUAL = { interval: MINUTE_MS, timeout: 10 * SECOND_MS };

export const blackbox: ImportSource = {
  type: 'blackbox',
  title: 'Blackbox exporter',
  summary: 'Reads blackbox.yml and prometheus.yml together: every target that Prometheus has asked about.',
  example: 'prometheus/',
  testedAgainst: 'files that Blackbox exporter 0.23 and promtool 2.42 accept, and the published example files',
  async plan({ where, io, nameFor }) {
    const config = await readBlackbox(where, io);
    const items: ImportItem[] = [];
    for (const [index, job] of listIn(config.prometheus.top, 'scrape_configs').entries()) {
      if (!isFields(job)) continue;
      const { asked, unfound } = await targetsOf(job, index, config, io);
      items.push(...jobItems({ job, index, config, nameFor }, asked));
      if (!isProbing(job)) continue;
      const name = nameOf(job, index);
      items.push(
        ...unfound.map(({ how, from }) => {
          const found = { key: `discovery ${name} ${how}`, what: 'targets', title: `${name}: ${how}`, from };
          return cannot(found, 'Only Prometheus knows which they are; write those that matter by hand.');
        }),
      );
    }
    const hasRules = listIn(config.prometheus.top, 'rule_files').length > 0;
    return { items, notes: hasRules ? [RULES] : [] };
  },
};

const RULES = 'Rules for alerts (`rule_files`) are not carried over: here a monitor that fails alerts by itself.';

interface Job {
  readonly job: Fields;
  readonly index: number;
  readonly config: BlackboxConfig;
  readonly nameFor: NameFor;
}

function jobItems(of: Job, asked: readonly AskedFor[]): readonly ImportItem[] {
  const { job, index, config } = of;
  const name = nameOf(job, index);
  const found = {
    key: `job ${name}`,
    what: 'job',
    title: name,
    from: config.place(config.prometheus, ['scrape_configs', index]),
  };
  if (!isProbing(job))
    return [
      leftOut(found, 'It reads metrics and asks no Blackbox exporter; `metrics` and `prometheus` can watch such.'),
    ];
  const because = relabelled(job);
  return because === null ? asked.map((each) => targetItem(of, name, each)) : [cannot(found, because)];
}

function isProbing(job: Fields): boolean {
  return fieldsIn(job, 'params')?.['module'] !== undefined || textIn(job, 'metrics_path') === '/probe';
}

function nameOf(job: Fields, index: number): string {
  return textIn(job, 'job_name') ?? `job ${index + 1}`;
}

function targetItem({ job, config, nameFor }: Job, name: string, { target, module, from }: AskedFor): ImportItem {
  const title = placeOf(target);
  const found = { key: `target ${name} ${module ?? ''} ${withoutPassword(target)}`, what: 'target', title, from };
  const built = attempt(() => {
    const chosen = demand(module, 'Nothing says with which module it is asked.');
    const settings = demand(
      fieldsIn(config.modules, chosen),
      `There is no module ${JSON.stringify(chosen)} in the file of the Blackbox exporter.`,
    );
    return { ...askingOf(settings, target), timing: timingOf(job, settings, config) };
  });
  if (built instanceof Unlike) return cannot(found, built.message);
  const entry = { ...built.keys, ...built.timing };
  return carried(found, { section: 'monitors', name: nameFor('watched', found.key, title), entry }, built.notes);
}

/** Without scheme, query and password: part of the name. */
function placeOf(target: string): string {
  return withoutPassword(target)
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[?#].*$/, '')
    .replace(/\/$/, '');
}

function withoutPassword(target: string): string {
  return target.replace(/(?<=^[a-z]+:\/\/)[^/?#]*@/i, '').replace(/(?<==)[^&]*/g, '');
}

function timingOf(job: Fields, module: Fields, { prometheus }: BlackboxConfig) {
  const global = fieldsIn(prometheus.top, 'global') ?? {};
  const toldMs = (key: string) => durationIn(job, `scrape_${key}`) ?? durationIn(global, `scrape_${key}`);
  const everyMs = toldMs('interval') ?? USUAL.interval;
  if (everyMs < SECOND_MS || everyMs > DAY_MS)
    throw new Unlike('It is asked less than once a day or more than once a second, which no check here is.');
  const limits = [
    toldMs('timeout') ?? USUAL.timeout,
    durationIn(module, 'timeout') ?? TIMEOUT_MS_MAX,
    everyMs,
    TIMEOUT_MS_MAX,
  ];
  return { every: formatDuration(everyMs), timeout: formatDuration(Math.max(Math.min(...limits), 100)) };
}

const LONG_UNITS: Readonly<Record<string, number>> = { w: 7, y: 365 };

/** As Prometheus writes it: also weeks and years. */
function durationIn(fields: Fields, key: string): number | undefined {
  const text = textIn(fields, key)?.trim();
  if (text === undefined || text === '0') return undefined;
  const days = text.replaceAll(
    /(\d+)([wy])/g,
    (_whole, amount: string, unit: string) => `${Number(amount) * (LONG_UNITS[unit] ?? 1)}d`,
  );
  return demand(parseDuration(days), `Its \`${key}\` is no duration such as 1m30s; write it out.`);
}
