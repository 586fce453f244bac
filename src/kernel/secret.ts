import { inspect } from 'node:util';

/**
 * A value that must not be seen: it prints, logs and serialises as its name. Only `reveal()` shows it, so that
 * every place where a secret leaves the process can be found by searching for that word.
 */
export class Secret {
  readonly #value: string;
  #name: string;

  /** `name` is what people see instead, e.g. `${DATABASE_URL}` or the place in the manifest. */
  constructor(value: string, name = 'secret') {
    this.#value = value;
    this.#name = name;
  }

  get name(): string {
    return this.#name;
  }

  /** The manifest learns where a secret stands only after it was parsed. */
  rename(name: string): void {
    this.#name = name;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return `[${this.#name}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
