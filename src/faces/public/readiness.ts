import { type Fragment, html, type Markup } from '../../kernel/markup.ts';
import type { ReadinessCard } from '../../status/index.ts';
import type { Scene } from './page.ts';

/** What was measured about backups and alerts; nothing when nothing is known. */
export function readinessSection({ view, words, now }: Scene): Fragment {
  const cards = view.readiness === null ? [] : words.readiness(view.readiness, now);
  if (cards.length === 0) return null;
  return html`<section aria-labelledby="ready">
<div class="h2row"><h2 id="ready">${words.text('ready.title')}</h2><p>${words.text('ready.note')}</p></div>
<dl class="card proof">
${cards.map(card)}</dl>
</section>`;
}

function card({ term, value, at, details }: ReadinessCard): Markup {
  const told = at === null ? value : html`<time datetime="${new Date(at).toISOString()}">${value}</time>`;
  return html`<div><dt>${term}</dt><dd><p class="big">${told}</p>${details.map((detail) => html`<p>${detail}</p>`)}</dd></div>
`;
}
