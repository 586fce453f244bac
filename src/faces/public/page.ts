import { type Fragment, html, type Markup, trusted } from '../../kernel/markup.ts';
import { LANGUAGES, type PastEvent, type PublicView, type Wording, wordingOf } from '../../status/index.ts';
import { favicon, icon, LOOK_OF_LEVEL, LOOK_OF_STATE, SPRITE } from './icons.ts';
import { readinessSection } from './readiness.ts';
import { servicesSection } from './services.ts';
import { STYLE_SHEET } from './style-sheet.ts';

/** What a part of the page is made from. */
export interface Scene {
  readonly view: PublicView;
  readonly words: Wording;
  /** When this page is made, epoch milliseconds: times of another day get their date. */
  readonly now: number;
}

/** The public page in one language. It needs no script, and never reloads itself: it says when it was true. */
export function renderPage(view: PublicView, language: string, now: number): string {
  const words = wordingOf(language);
  const scene: Scene = { view, words, now };
  const title = words.title(view);
  const { sentence } = words.now(view.overall);
  const look = LOOK_OF_LEVEL[view.overall.level];
  return html`<!doctype html>
<html lang="${words.tag}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${sentence} · ${title}</title>
<meta name="description" content="${words.text('page.description', { title })}">
<meta name="theme-color" content="#f5f7f6" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#0c1213" media="(prefers-color-scheme: dark)">
<link rel="icon" href="${trusted(favicon(look))}">
<style>${trusted(STYLE_SHEET)}</style>
</head>
<body>
<a class="skip" href="#main">${words.text('page.skip')}</a>
${SPRITE}
<header class="band ${look}">
<div class="top wrap">${brand(view, title)}${languageMenu(scene)}</div>
<div class="wrap">${nowPart(scene)}</div>
</header>
<main id="main" class="wrap" tabindex="-1">
${view.groups.length > 0 && servicesSection(scene)}
${readinessSection(scene)}
${(view.past.length > 0 || view.quiet !== null) && pastSection(scene)}
</main>
<footer><div class="wrap">${support(scene)}<p>${words.text('footer.utc')}</p></div></footer>
</body>
</html>
`.toString();
}

function brand({ home }: PublicView, title: string): Markup {
  const [initial = ''] = title.trim();
  const inside = html`<span class="mk" aria-hidden="true">${initial.toUpperCase()}</span><span>${title}</span>`;
  return home === null ? html`<p class="brand">${inside}</p>` : html`<a class="brand" href="${home}">${inside}</a>`;
}

function languageMenu({ view, words }: Scene): Fragment {
  const offered = LANGUAGES.filter(({ tag }) => view.languages.includes(tag));
  if (offered.length < 2) return null;
  const current = offered.find(({ tag }) => tag === words.tag)?.name;
  const label = words.text('page.language');
  return html`<details class="pop noprint"><summary><svg width="18" height="18" aria-hidden="true"><use href="#i-globe"/></svg><span class="lb"><span class="vh">${label}: </span>${current}</span></summary><nav class="panel" aria-label="${label}"><ul>${offered.map(
    ({ tag, name }) =>
      html`<li><a href="?lang=${tag}" hreflang="${tag}" lang="${tag}" dir="auto"${tag === words.tag && trusted(' aria-current="true"')}>${name}</a></li>`,
  )}</ul></nav></details>`;
}

function nowPart({ view, words, now }: Scene): Markup {
  const { overall, checkedAt } = view;
  const { sentence, details } = words.now(overall);
  return html`<div class="now">${icon(LOOK_OF_LEVEL[overall.level])}<div><h1>${sentence}</h1>
${details.length > 0 && html`<p>${details.join(' ')}</p>`}
<p class="fresh">${overall.since !== null && html`<span>${words.text('now.since', { time: words.formats.time(overall.since, now) })}</span>`}<span>${
    checkedAt === null
      ? words.text('now.unchecked')
      : words.text('now.checked', { time: words.formats.time(checkedAt, now) })
  }</span></p></div></div>`;
}

function pastSection(scene: Scene): Markup {
  const { view, words } = scene;
  return html`<section aria-labelledby="past">
<div class="h2row"><h2 id="past">${words.text('past.title')}</h2><p>${words.text('past.window', { days: view.days.length })}</p></div>
<div class="card">
${
  view.quiet !== null &&
  html`<article class="row none"><time datetime="${day(view.quiet.from)}">${words.formats.days(view.quiet.from, view.quiet.to)}</time><h3>${words.text('past.quiet')}</h3></article>
`
}${view.past.map((event) => pastRow(event, words))}</div>
</section>`;
}

function pastRow(event: PastEvent, words: Wording): Markup {
  const { formats } = words;
  const chip = words.text('past.chip', { state: words.state(event.state), duration: formats.duration(event.ms) });
  return html`<article class="row"><time datetime="${day(event.startedAt)}">${formats.day(event.startedAt)}</time><div><h3>${words.past(event)}</h3><p>${formats.times(event.startedAt, event.endedAt)}</p></div><span class="chip ${LOOK_OF_STATE[event.state]}">${chip}</span></article>
`;
}

function support({ view, words }: Scene): Fragment {
  return view.support !== null && html`<a href="${view.support}">${words.text('footer.support')}</a>`;
}

/** For machines: `2026-10-14`. */
function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
