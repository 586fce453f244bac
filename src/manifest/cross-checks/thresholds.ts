import { didYouMean } from '../../kernel/nearest-word.ts';
import { THRESHOLD_PRESETS } from '../../monitoring/index.ts';
import { type Finding, formatPath } from '../problem.ts';
import type { Manifest } from '../schema.ts';
import { placeOfKey, placeOfValue, type Tree } from '../tree.ts';

/** Rules are about something that is watched, and what is switched off was on: a misspelt name changes nothing. */
export function checkThresholds({ thresholds = {}, services, monitors }: Manifest, tree: Tree): readonly Finding[] {
  const { preset = 'standard', ...entries } = thresholds;
  const watched = Object.keys({ ...services, ...monitors });
  const given = THRESHOLD_PRESETS[preset].map(({ name }) => name);
  return Object.entries(entries).flatMap(([name, entry]) =>
    typeof entry === 'object' ? strangersIn(name, entry.monitors ?? []) : missing(name),
  );

  function strangersIn(rule: string, names: readonly string[]): readonly Finding[] {
    return names.flatMap((name, index) => {
      if (watched.includes(name)) return [];
      const path = ['thresholds', rule, 'monitors', index];
      const message = `${formatPath(path)}: there is no service or monitor "${name}".`;
      return [{ place: placeOfValue(tree, path), path, message, hint: didYouMean(name, watched) }];
    });
  }

  function missing(rule: string): readonly Finding[] {
    if (given.includes(rule)) return [];
    const path = ['thresholds', rule];
    const message = `${formatPath(path)}: the preset "${preset}" has no rule of this name to switch off.`;
    return [{ place: placeOfKey(tree, path), path, message, hint: didYouMean(rule, given) }];
  }
}
