import path from 'node:path';
import { defineRule } from '@oxlint/plugins';
import { FLOORS, isTest, type Place, placeOf } from '../floors.ts';
import { eachImport, type Import } from '../imports.ts';

/** The floors of the house (docs/architecture.md), so that a part can be understood, and replaced, by itself. */
export const layers = defineRule({
  meta: { type: 'problem' },
  create(context) {
    const own = placeOf(context.filename);
    if (own === undefined || isTest(context.filename)) return {};
    return eachImport((found) => {
      if (!found.source.startsWith('.')) return;
      const target = placeOf(path.resolve(path.dirname(context.filename), found.source));
      const message = target === undefined ? leaves(found) : objection(own, target, found);
      if (message !== undefined) context.report({ node: found.node, message });
    });
  },
});

function leaves({ source }: Import): string | undefined {
  // The version in package.json is the one fact that the program shares with its package.
  if (source.endsWith('/package.json')) return undefined;
  return `${source} is outside of src/: what ships may not need what does not.`;
}

function objection(own: Place, target: Place, found: Import): string | undefined {
  if (own.floor === target.floor) return own.floor === 'faces' ? betweenFaces(own, target, found) : undefined;
  const floor = FLOORS[own.floor];
  if (floor === undefined) {
    return `src/${own.floor} is on no floor yet: give it one in tools/lint/floors.ts and docs/architecture.md.`;
  }
  if (!floor.mayImport.includes(target.floor)) return `${own.floor}/ may not import ${target.floor}/: ${why(target)}`;
  if (FLOORS[target.floor]?.isPrivate === true && target.within !== 'index.ts') {
    return `Import ${target.floor}/index.ts: the rest of ${target.floor}/ is private, so that it can change freely.`;
  }
  return undefined;
}

function why({ floor }: Place): string {
  if (floor === 'platform') return 'take a port from kernel/ or contracts/; only app/ knows what is behind it.';
  if (FLOORS[floor]?.level === 2) return 'areas meet through the events, facts and commands in contracts/.';
  return 'a folder imports only lower floors (docs/architecture.md).';
}

/** Faces speak to people and programs, not to each other; they share only the types that HTTP promises. */
function betweenFaces(own: Place, target: Place, { isTypeOnly }: Import): string | undefined {
  const [face] = own.within.split('/');
  const [other] = target.within.split('/');
  if (face === other || (isTypeOnly && target.within === 'http/contract.ts')) return undefined;
  return `faces/${face} may not import faces/${other}, only types of faces/http/contract.ts: each face can go alone.`;
}
