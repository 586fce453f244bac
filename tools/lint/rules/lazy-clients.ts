import { defineRule } from '@oxlint/plugins';
import { isPlugin } from '../floors.ts';
import { eachImport } from '../imports.ts';

/** An idle process that has loaded every client it might need weighs 150 MB and starts a second later. */
export const lazyClients = defineRule({
  meta: { type: 'problem' },
  create(context) {
    if (!isPlugin(context.filename)) return {};
    return eachImport(({ node, source, isTypeOnly, isDynamic }) => {
      const isPackage = !source.startsWith('.') && !source.startsWith('node:') && source !== 'zod';
      if (!isPackage || isTypeOnly || isDynamic) return;
      const message = `Load ${source} with await import() on first use: nobody should pay for plug-ins they do not use.`;
      context.report({ node, message });
    });
  },
});
