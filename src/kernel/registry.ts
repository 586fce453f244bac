import { defineErrors } from './errors.ts';

export const errors = defineErrors({
  REGISTRY_TYPE_UNKNOWN: {
    kind: 'invalid',
    message: 'Unknown {what} "{type}". Known: {known}.',
    hint: 'Check the spelling; docs/reference lists them all with an example each.',
  },
});

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
      throw errors.REGISTRY_TYPE_UNKNOWN({ what: this.#what, type, known: this.types().join(', ') });
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
