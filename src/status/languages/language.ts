import type { Catalogue } from '../../kernel/messages.ts';
import type { en } from './en.ts';

/** Every text of the public pages; English decides which there are. */
export type TextKey = keyof (typeof en)['texts'];

/** One language of the public pages. */
export interface Language {
  /** What visitors ask for and the manifest lists, a BCP 47 tag. */
  readonly tag: string;
  /** Its name in itself, for the menu. */
  readonly name: string;
  /** Whose dates and numbers it uses. */
  readonly locale: string;
  readonly texts: Catalogue<TextKey>;
}
