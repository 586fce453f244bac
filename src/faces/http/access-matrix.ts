import { ROLES } from '../../contracts/roles.ts';
import type { RouteHead } from './route.ts';

/** Who may ask what, as a Markdown table for the reference. */
export function accessMatrix(routes: readonly RouteHead[]): string {
  const header = ['Address', 'What it does', ...ROLES];
  const lines = routes.map(({ method, path, role, summary, isForProbes = false }) => [
    `\`${method} ${path}\``,
    isForProbes ? `${summary} Only with the token of a probe.` : summary,
    ...ROLES.map((each) => (!isForProbes && ROLES.indexOf(each) >= ROLES.indexOf(role) ? 'yes' : '–')),
  ]);
  const table = [header, header.map(() => '---'), ...lines];
  return `${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
