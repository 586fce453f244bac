import { unknownType } from './registry.ts';

type Load<Plugin> = () => Promise<Plugin>;

/**
 * A closed catalogue of plug-ins that are loaded once somebody names them: the many that nobody uses cost nothing. Each
 * entry of the literal is a registration; there is no other step.
 */
export class LazyRegistry<Plugin extends { readonly type: string }> {
  readonly #what: string;
  readonly #loads: Readonly<Record<string, Load<Plugin>>>;
  readonly #loaded = new Map<string, Plugin>();

  /** Those that are `ready` need not be loaded; they have an entry all the same. */
  constructor(what: string, ready: readonly Plugin[], loads: Readonly<Record<string, Load<Plugin>>>) {
    this.#what = what;
    this.#loads = loads;
    for (const plugin of ready) this.#loaded.set(plugin.type, plugin);
  }

  /** Loads those of these names that there are; the others are nobody's. */
  async load(types: Iterable<string>): Promise<void> {
    const missing = [...new Set(types)].filter((type) => this.has(type) && !this.#loaded.has(type));
    await Promise.all(missing.map((type) => this.#loadOne(type)));
  }

  async loadAll(): Promise<readonly Plugin[]> {
    await this.load(this.types());
    return this.loaded();
  }

  has(type: string): boolean {
    return Object.hasOwn(this.#loads, type);
  }

  /** One that was loaded before. */
  get(type: string): Plugin {
    const plugin = this.#loaded.get(type);
    if (plugin !== undefined) return plugin;
    if (this.has(type)) throw new Error(`The ${this.#what} "${type}" is used before it was loaded.`);
    throw unknownType(this.#what, type, this.types());
  }

  /** Every name, loaded or not. */
  types(): readonly string[] {
    return Object.keys(this.#loads);
  }

  /** What was loaded until now, in the order of the catalogue. */
  loaded(): readonly Plugin[] {
    return this.types().flatMap((type) => this.#loaded.get(type) ?? []);
  }

  async #loadOne(type: string): Promise<void> {
    const plugin = await this.#loads[type]?.();
    if (plugin?.type !== type) throw new Error(`The ${this.#what} "${plugin?.type}" is listed as "${type}".`);
    this.#loaded.set(type, plugin);
  }
}
