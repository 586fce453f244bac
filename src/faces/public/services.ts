import { STATES, type State } from '../../contracts/state.ts';
import { type Fragment, html, type Markup, trusted } from '../../kernel/markup.ts';
import type { AffectedDay, PublicComponent, PublicGroup } from '../../status/index.ts';
import { icon, LOOK_OF_STATE } from './icons.ts';
import type { Scene } from './page.ts';

/** Rows of one table; the bars show every day, and nobody reads two months of rows. */
const TABLE_ROWS_MAX = 14;
const SPANS_MAX = 3;
/** The style sheet shows this many bars on a phone. */
const DAYS_ON_A_PHONE = 30;

/** Groups of services, each with its state, its days as bars and the affected ones as a table. */
export function servicesSection(scene: Scene): Markup {
  const { view, words } = scene;
  const { text } = words;
  const days = view.days.length;
  return html`<section aria-labelledby="services">
<div class="h2row"><h2 id="services">${text('services.title')}</h2>${interval(scene)}</div>
<div class="card">
<div class="axis" aria-hidden="true"><div><span class="l">${text('services.daysAgo', { days })}</span><span class="s">${text('services.daysAgo', { days: DAYS_ON_A_PHONE })}</span><span>${text('services.today')}</span></div><b>${text('services.days', { days })}</b></div>
${view.groups.map((group) => groupPart(group, scene))}
<ul class="legend" aria-label="${text('services.legend')}">${STATES.map(
    (state) => html`<li>${icon(LOOK_OF_STATE[state])}${words.state(state)}</li>`,
  )}<li class="note">${text('services.legend.height')}</li></ul>
</div>
</section>`;
}

function interval({ view, words }: Scene): Fragment {
  if (view.interval === null) return null;
  const { minMs, maxMs } = view.interval;
  const key = minMs === maxMs ? 'services.every' : 'services.everyUpTo';
  return html`<p>${words.text(key, { duration: words.formats.interval(maxMs) })}</p>`;
}

function groupPart({ name, components }: PublicGroup, scene: Scene): Markup {
  return html`<div class="grp">${name !== null && html`<h3>${name}</h3>`}<ul>
${components.map((component) => row(component, name !== null, scene))}</ul></div>
`;
}

function row(component: PublicComponent, isInNamedGroup: boolean, scene: Scene): Markup {
  const { name, description, state, history } = component;
  const { view, words } = scene;
  const look = LOOK_OF_STATE[state];
  const note = words.coverage(history.uptime);
  const percent = words.percent(history.uptime);
  return html`<li class="svc">
<div class="svc-id">${icon(look)}<div>${isInNamedGroup ? html`<h4>${name}</h4>` : html`<h3>${name}</h3>`}<p class="svc-state ${look}"><span class="word">${words.state(state)}</span></p>${description !== null && html`<p class="desc">${description}</p>`}${note !== null && html`<p>${note}</p>`}</div></div>
<div class="svc-hist"><div class="bars" role="img" aria-label="${words.bars(component, view.days.length)}">${bars(component, scene)}</div></div>
${percent !== null && html`<p class="svc-up num">${percent}</p>`}
${history.affected.length > 0 && affectedDays(component, scene)}</li>
`;
}

const PLAIN_BAR: Readonly<Record<State, Markup>> = {
  up: trusted('<i></i>'),
  degraded: trusted('<i class="deg"></i>'),
  down: trusted('<i class="down"></i>'),
  maintenance: trusted('<i class="mnt"></i>'),
  unknown: trusted('<i class="non"></i>'),
};

/** Only affected days have a tooltip: 90 of them for each service would outweigh the rest of the page. */
function bars({ history }: PublicComponent, { view, words }: Scene): readonly Markup[] {
  const worst = new Map(history.affected.toReversed().map((day) => [day.startsAt, day]));
  return history.days.map((state, index) => {
    const day = worst.get(view.days[index] ?? 0);
    return day === undefined
      ? PLAIN_BAR[state]
      : html`<i class="${LOOK_OF_STATE[state]}" title="${words.affectedDay(day)}"></i>`;
  });
}

function affectedDays({ name, history }: PublicComponent, { view, words }: Scene): Markup {
  const { text } = words;
  const days = view.days.length;
  const count = new Set(history.affected.map(({ startsAt }) => startsAt)).size;
  const rows = history.affected.slice(0, TABLE_ROWS_MAX);
  const left = count - new Set(rows.map(({ startsAt }) => startsAt)).size;
  return html`<details class="days"><summary><span class="n">${text('days.affected', { count })}</span><span class="n90">${text('days.affectedOf', { count, days })}</span><span class="vh">, ${name}</span><svg width="16" height="16" aria-hidden="true"><use href="#i-chev"/></svg></summary><table><caption class="vh">${text('days.caption', { name, days })}</caption><thead><tr><th scope="col">${text('days.day')}</th><th scope="col">${text('days.state')}</th><th scope="col">${text('days.for')}</th><th scope="col">${text('days.when')}</th></tr></thead><tbody>${rows.map(
    (day) => affectedRow(day, words),
  )}</tbody>${left > 0 && html`<tfoot><tr><td colspan="4">${text('days.more', { count: left })}</td></tr></tfoot>`}</table></details>`;
}

function affectedRow({ startsAt, state, ms, spans }: AffectedDay, words: Scene['words']): Markup {
  const { formats, text } = words;
  const times = spans
    .slice(0, SPANS_MAX)
    .map(({ from, to }) =>
      to === null ? text('days.open', { time: formats.clockTime(from) }) : formats.clockTimes(from, to),
    );
  return html`<tr><th scope="row"><time datetime="${new Date(startsAt).toISOString().slice(0, 10)}">${formats.day(startsAt)}</time></th><td class="${LOOK_OF_STATE[state]}"><span class="word">${words.state(state)}</span></td><td class="num">${formats.duration(ms)}</td><td class="num">${times.join(', ')}${spans.length > SPANS_MAX && ' …'}</td></tr>`;
}
