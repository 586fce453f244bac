import type { Context, ESTree, Visitor } from '@oxlint/plugins';

export interface Import {
  readonly node: ESTree.Node;
  readonly source: string;
  /** Nothing of it is left when the types are stripped. */
  readonly isTypeOnly: boolean;
  readonly isDynamic: boolean;
  /** The names that the other file gives them; none for `import * as x`, `export *` and `import()`. */
  readonly names: readonly string[];
}

type Declaration = ESTree.ImportDeclaration | ESTree.ExportNamedDeclaration | ESTree.ExportAllDeclaration;

/** Calls `visit` for everything a file takes from another: imports, re-exports, `import()` and `import('…')` types. */
export function eachImport(visit: (found: Import) => void): Visitor {
  const declaration = (node: Declaration) => {
    if (node.source === null) return;
    visit({
      node: node.source,
      source: node.source.value,
      isTypeOnly: isTypeOnly(node),
      isDynamic: false,
      names: namesOf(node),
    });
  };
  return {
    ImportDeclaration: declaration,
    ExportNamedDeclaration: declaration,
    ExportAllDeclaration: declaration,
    ImportExpression(node) {
      const { source } = node;
      if (source.type !== 'Literal' || typeof source.value !== 'string') return;
      visit({ node: source, source: source.value, isTypeOnly: false, isDynamic: true, names: [] });
    },
    TSImportType({ source }) {
      visit({ node: source, source: source.value, isTypeOnly: true, isDynamic: false, names: [] });
    },
  };
}

/** Whether nobody in this file has given the name another meaning, such as a parameter called `fetch`. */
export function isGlobal(context: Context, node: ESTree.IdentifierReference | ESTree.IdentifierName): boolean {
  let scope: ReturnType<typeof context.sourceCode.getScope> | null = context.sourceCode.getScope(node);
  while (scope !== null) {
    if ((scope.set.get(node.name)?.defs.length ?? 0) > 0) return false;
    scope = scope.upper;
  }
  return true;
}

function isTypeOnly(node: Declaration): boolean {
  if (node.type === 'ImportDeclaration') {
    const { specifiers } = node;
    const isEachType = specifiers.every((each) => each.type === 'ImportSpecifier' && each.importKind === 'type');
    return node.importKind === 'type' || (specifiers.length > 0 && isEachType);
  }
  if (node.exportKind === 'type') return true;
  if (node.type === 'ExportAllDeclaration') return false;
  return node.specifiers.length > 0 && node.specifiers.every(({ exportKind }) => exportKind === 'type');
}

function namesOf(node: Declaration): readonly string[] {
  if (node.type === 'ExportAllDeclaration') return [];
  if (node.type === 'ExportNamedDeclaration') return node.specifiers.map(({ local }) => nameOf(local));
  return node.specifiers.flatMap((each) => (each.type === 'ImportSpecifier' ? [nameOf(each.imported)] : []));
}

function nameOf(name: ESTree.ModuleExportName): string {
  return name.type === 'Literal' ? name.value : name.name;
}
