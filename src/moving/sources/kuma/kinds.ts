import type { Kind } from './kind.ts';
import { http, jsonQuery, keyword } from './web-kinds.ts';

/** Kuma's types of monitor, by the word in its column `type`. */
export const kinds: Readonly<Record<string, Kind>> = {
  http,
  keyword,
  'json-query': jsonQuery,
};

/** Those that nothing here is like, and what may help. */
export const UNLIKE: Readonly<Record<string, string>> = {
  sqlserver: 'Evenkeel does not speak to Microsoft SQL Server; watch its port with `tcp`.',
  radius: 'Evenkeel does not speak RADIUS.',
  'tailscale-ping': 'Evenkeel has no ping through Tailscale; where its network is up, `ping` reaches the same host.',
  globalping: 'Evenkeel asks no foreign probes; run `evenkeel probe` where you want to look from.',
};
