import { definePlugin } from '@oxlint/plugins';
import { ioAtTheEdge } from './rules/io-at-the-edge.ts';
import { layers } from './rules/layers.ts';
import { lazyClients } from './rules/lazy-clients.ts';
import { noAmbient } from './rules/no-ambient.ts';
import { txAnnounces } from './rules/tx-announces.ts';

/** What this project has decided and a machine can hold it to; docs/architecture.md has the decisions. */
export default definePlugin({
  meta: { name: 'evenkeel' },
  rules: {
    'io-at-the-edge': ioAtTheEdge,
    layers,
    'lazy-clients': lazyClients,
    'no-ambient': noAmbient,
    'tx-announces': txAnnounces,
  },
});
