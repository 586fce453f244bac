import { type ReadFiles, readSources } from './read-sources.ts';
import { nodeAt } from './tree.ts';
import { parseYaml } from './yaml-tree.ts';

/**
 * The keys under `keys.signers` as they are written, whatever else is wrong with the manifest: on the day on which a
 * backup is needed, none of the variables that the rest of the file asks for may be at hand.
 */
export async function writtenSigners(files: ReadFiles, manifestPath: string): Promise<readonly string[]> {
  const { sources } = await readSources(files, manifestPath);
  return sources.flatMap(({ file, text }) => {
    const parsed = parseYaml(file, text);
    const list = parsed.outcome === 'parsed' ? nodeAt(parsed.tree, ['keys', 'signers']) : undefined;
    if (list?.kind !== 'list') return [];
    return list.items.flatMap((item) => (item.kind === 'scalar' && typeof item.value === 'string' ? item.value : []));
  });
}
