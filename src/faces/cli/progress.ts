import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Piece } from './styled.ts';
import type { Terminal } from './terminal.ts';

/** Says how far something is: on one live line where there can be one, else now and then on a line of its own. */
export interface Progress {
  show(text: Piece): void;
  /** Takes the live line away. */
  end(): void;
}

/** Often enough to see that it lives, seldom enough for a log. */
const LINE_EVERY_MS = 30 * SECOND_MS;

export function createProgress({ live, note }: Pick<Terminal, 'live' | 'note'>, clock: Clock): Progress {
  let nextLineAt = clock.ticks() + LINE_EVERY_MS;
  return {
    show(text) {
      if (live !== null) return live(text);
      if (clock.ticks() < nextLineAt) return;
      nextLineAt = clock.ticks() + LINE_EVERY_MS;
      note(text);
    },
    end: () => live?.(null),
  };
}
