import type { State } from '../../contracts/state.ts';
import { html, type Markup, trusted } from '../../kernel/markup.ts';
import type { Overall } from '../../status/index.ts';

/** Each has a shape of its own, so that it can be told without its colour; the style sheet gives the colour. */
export type Look = 'ok' | 'deg' | 'par' | 'down' | 'mnt' | 'non';

export const LOOK_OF_STATE: Readonly<Record<State, Look>> = {
  up: 'ok',
  degraded: 'deg',
  down: 'down',
  maintenance: 'mnt',
  unknown: 'non',
};

export const LOOK_OF_LEVEL: Readonly<Record<Overall['level'], Look>> = {
  working: 'ok',
  degraded: 'deg',
  partial: 'par',
  down: 'down',
  maintenance: 'mnt',
  unknown: 'non',
  starting: 'non',
  empty: 'non',
};

const SHAPES: Readonly<Record<Look, string>> = {
  ok: '<circle cx="10" cy="10" r="9" fill="currentColor"/><path d="m5.9 10.3 2.8 2.8 5.4-5.8" fill="none" stroke="var(--knock)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>',
  deg: '<path d="M8.6 2.2a1.6 1.6 0 0 1 2.8 0l7.4 13.4a1.6 1.6 0 0 1-1.4 2.4H2.6a1.6 1.6 0 0 1-1.4-2.4z" fill="currentColor"/><path d="M10 7v5" stroke="var(--knock)" stroke-width="2" stroke-linecap="round"/><circle cx="10" cy="14.9" r="1.15" fill="var(--knock)"/>',
  par: '<path d="M10 1.9 18.1 10 10 18.1 1.9 10z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/><path d="M10 1.9v16.2L1.9 10z" fill="currentColor" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>',
  down: '<path d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z" fill="currentColor"/><path d="m7 7 6 6m0-6-6 6" stroke="var(--knock)" stroke-width="2" stroke-linecap="round"/>',
  mnt: '<rect x="1" y="1" width="18" height="18" rx="4.5" fill="currentColor"/><path d="M14.9 6.6a3.4 3.4 0 0 1-4.5 4.1l-3.6 3.6a1.3 1.3 0 0 1-1.9-1.9l3.6-3.6a3.4 3.4 0 0 1 4.1-4.5L10.7 6.2l.4 2 2 .4z" fill="var(--knock)"/>',
  non: '<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3.6 2.68"/><path d="M6.8 10h6.4" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>',
};

const CHEVRON =
  '<symbol id="i-chev" viewBox="0 0 16 16"><path d="m4 6 4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></symbol>';
const GLOBE =
  '<symbol id="i-globe" viewBox="0 0 20 20"><path d="M10 2.2a7.8 7.8 0 1 0 0 15.6 7.8 7.8 0 0 0 0-15.6zM2.4 10h15.2M10 2.2c2.2 2.2 3.2 4.8 3.2 7.8s-1 5.6-3.2 7.8C7.8 15.6 6.8 13 6.8 10s1-5.6 3.2-7.8z" fill="none" stroke="currentColor" stroke-width="1.5"/></symbol>';

/** All shapes once; `icon` refers to them. */
export const SPRITE: Markup = trusted(
  `<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false"><defs>${Object.entries(SHAPES)
    .map(([look, shape]) => `<symbol id="i-${look}" viewBox="0 0 20 20">${shape}</symbol>`)
    .join('')}${CHEVRON}${GLOBE}</defs></svg>`,
);

export function icon(look: Look): Markup {
  return html`<svg class="ic ${look}" aria-hidden="true" focusable="false"><use href="#i-${look}"/></svg>`;
}

const FILLS: Readonly<Record<Look, string>> = {
  ok: '#12998a',
  deg: '#b87d0b',
  par: '#b84a00',
  down: '#8c1622',
  mnt: '#3d60c2',
  non: '#7f8a8c',
};

/** The state in the tab of the browser. */
export function favicon(look: Look): string {
  const shape = SHAPES[look].replaceAll('currentColor', FILLS[look]).replaceAll('var(--knock)', '#fff');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">${shape}</svg>`;
  return `data:image/svg+xml,${svg.replaceAll('"', "'").replaceAll('#', '%23').replaceAll('<', '%3C').replaceAll('>', '%3E')}`;
}
