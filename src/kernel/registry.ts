import { defineErrors } from './errors.ts';
import { didYouMean } from './nearest-word.ts';

const errors = defineErrors({
  REGISTRY_TYPE_UNKNOWN: {
    kind: 'invalid',
    message: 'Unknown {what} "{type}". Known: {known}.',
    hint: '{meant}docs/reference lists them all with an example each.',
  },
});

/** The refusal of a name that no catalogue has, with the one that was probably meant. */
export function unknownType(what: string, type: string, types: readonly string[]): Error {
  const meant = didYouMean(type, types);
  return errors.REGISTRY_TYPE_UNKNOWN({
    what,
    type,
    known: types.join(', '),
    meant: meant === undefined ? '' : `${meant} `,
  });
}

/** A closed catalogue of plug-ins. The array literal is the registration; there is no other step. */
export class Registry<Plugin extends { readonly type: string }> {
  readonly #what: string;
  readonly #byType: ReadonlyMap<string, Plugin>;

  constructor(what: string, plugins: readonly Plugin[]) {
    this.#what = what;
    this.#byType = new Map(plugins.map((plugin) => [plugin.type, plugin]));
    if (this.#byType.size !== plugins.length) throw new Error(`Two ${what} entries share one type.`);
  }

  get(type: string): Plugin {
    const plugin = this.#byType.get(type);
    if (plugin === undefined) {
      throw unknownType(this.#what, type, this.types());
    }
    return plugin;
  }

  types(): readonly string[] {
    return [...this.#byType.keys()];
  }

  all(): readonly Plugin[] {
    return [...this.#byType.values()];
  }
}
