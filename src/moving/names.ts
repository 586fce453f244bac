/** The name of a thing in the manifest; the same for the same key, however often it is asked. */
export type NameFor = (space: NameSpace, key: string, title: string) => string;

/** Names within one must differ; services and monitors share theirs, and so do people and channels. */
export type NameSpace = 'watched' | 'told' | 'windows';

export interface NamesKnown {
  /** Names of things that stand elsewhere in the manifest. */
  readonly taken: Readonly<Record<NameSpace, ReadonlySet<string>>>;
  /** Names that an earlier run gave, by key. */
  readonly remembered: ReadonlyMap<string, string>;
}

/** The manifest allows 63 characters; the rest is for a number behind it. */
const CHARS_MAX = 48;

export function createNames({ taken, remembered }: NamesKnown): NameFor {
  const given = new Map<string, string>(remembered);
  const used: Record<NameSpace, Set<string>> = {
    watched: new Set([...taken.watched, ...remembered.values()]),
    told: new Set([...taken.told, ...remembered.values()]),
    windows: new Set([...taken.windows, ...remembered.values()]),
  };
  return (space, key, title) => {
    const known = given.get(key);
    if (known !== undefined) return known;
    const name = candidates(title, key).find((candidate) => !used[space].has(candidate)) ?? key;
    used[space].add(name);
    given.set(key, name);
    return name;
  };
}

/** First the title alone, then with the id it has in the source, and then with a number. */
function* candidates(title: string, key: string): Generator<string> {
  const [what = '', ...ids] = key.split(' ');
  const id = slugOf(ids.join(' '));
  const plain = slugOf(title);
  if (plain !== '') yield plain;
  const stem = `${plain === '' ? slugOf(what) : plain}${id === '' ? '' : `-${id.slice(0, 10)}`}`;
  yield stem;
  for (let count = 2; ; count += 1) yield `${stem}-${count}`;
}

/** Letters that are no letter with a mark. */
const OTHERS: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th' };

/** Small letters, digits and hyphens: what stands in addresses, metrics and commands needs no quoting then. */
export function slugOf(title: string): string {
  const plain = title.toLowerCase().normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return plain
    .replaceAll(/[ßæœøłđðþ]/g, (letter) => OTHERS[letter] ?? '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+/g, '')
    .slice(0, CHARS_MAX)
    .replaceAll(/-+$/g, '');
}
