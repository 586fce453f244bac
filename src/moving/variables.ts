import { Secret } from '../kernel/secret.ts';
import { type Plain, Reference, type TextPart, TextWithSecrets, type Written } from './written.ts';

/** Secrets that were taken out of entries, by the name of the variable that stands for them. */
export interface Variables {
  /** The entry with `${NAME}` where a secret stood. `owner` is whose it is, e.g. the name of the monitor. */
  settle(entry: Written, owner: string): Plain;
  all(): ReadonlyMap<string, Secret>;
}

export function createVariables(source: string): Variables {
  const secrets = new Map<string, Secret>();
  return { settle: plain, all: () => secrets };

  function plain(entry: Written, owner: string): Plain {
    if (typeof entry === 'string') return literal(entry);
    if (typeof entry !== 'object') return entry;
    if (entry instanceof Secret || entry instanceof Reference) return text(entry, owner);
    if (entry instanceof TextWithSecrets) return entry.parts.map((part) => text(part, owner)).join('');
    if (isList(entry)) return entry.map((each) => plain(each, owner));
    const entries = Object.entries(entry).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, plain(value, owner)] as const],
    );
    return Object.fromEntries(entries);
  }

  function text(part: TextPart, owner: string): string {
    if (typeof part === 'string') return literal(part);
    return part instanceof Reference ? part.toString() : reference(part, owner);
  }

  function reference(secret: Secret, owner: string): string {
    const stem = [source, owner, secret.name].map(upper).join('_');
    let name = stem;
    for (let count = 2; (secrets.get(name) ?? secret).reveal() !== secret.reveal(); count += 1)
      name = `${stem}_${count}`;
    secrets.set(name, secret);
    return `\${${name}}`;
  }
}

/** What was written there is a text and never a reference of ours. */
function literal(text: string): string {
  return text.replaceAll('${', () => '$${');
}

function upper(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
}

function isList(value: object): value is readonly Written[] {
  return Array.isArray(value);
}
