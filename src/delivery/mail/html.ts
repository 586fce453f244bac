import type { Notice } from '../../contracts/outbound.ts';
import { html, type Markup } from '../../kernel/markup.ts';
import { closing, headline } from '../notice-text.ts';

/** Mail programs read no style sheets, so the colours of the status page stand in each element. */
const INK = '#12201f';
const INK_2 = '#485755';
const LINE = '#d5dcda';
const ACCENT = '#0b6b63';
const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif";
const BARS = { critical: '#8c1622', warning: '#b87d0b', info: '#3d60c2', resolved: '#12998a' } as const;

/** The same words as in the plain text, in the same order. */
export function mailHtml(notice: Notice): string {
  const bar = BARS[notice.phase === 'resolved' ? 'resolved' : notice.severity];
  const title = headline(notice);
  const page = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body style="margin:0;padding:24px 12px;background:#f5f7f6;color:${INK};font:16px/1.5 ${FONT}">
<div style="max-width:560px;margin:0 auto;padding:20px 24px;background:#ffffff;border:1px solid ${LINE};border-top:4px solid ${bar};border-radius:6px">
<h1 style="margin:0 0 12px;font-size:20px;line-height:1.3">${title}</h1>
${notice.text.map((sentence) => html`<p style="margin:0 0 12px;white-space:pre-line">${sentence}</p>\n`)}
${facts(notice)}${links(notice)}
<p style="margin:20px 0 0;padding-top:12px;border-top:1px solid ${LINE};color:${INK_2};font-size:13px">${closing(notice)}</p>
</div>
</body>
</html>`;
  return page.toString();
}

function facts({ facts: all }: Notice): Markup | null {
  if (all.length === 0) return null;
  const rows = all.map(
    ({ label, value }) => html`<tr>
<th scope="row" style="padding:2px 16px 2px 0;text-align:left;vertical-align:top;font-weight:400;color:${INK_2}">${label}</th>
<td style="padding:2px 0;vertical-align:top;white-space:pre-line">${value}</td>
</tr>
`,
  );
  return html`<table style="margin:4px 0 16px;border-collapse:collapse;font-size:15px">${rows}</table>`;
}

function links({ links: all }: Notice): readonly Markup[] {
  return all.map(
    ({ label, url }) => html`<p style="margin:0 0 6px"><a href="${url}" style="color:${ACCENT}">${label}</a></p>\n`,
  );
}
