/** Lint rules of this repository for which oxlint has none of its own. */
export default {
  meta: { name: 'local' },
  rules: {
    'no-class': ban(
      ['ClassDeclaration', 'ClassExpression'],
      'Use functions and plain objects. The one class is SubagentError.',
    ),
    'no-export-all': ban(['ExportAllDeclaration'], 'Name what is exported: `export *` hides the interface.'),
  },
}

/**
 * Returns a rule that reports every syntax node of these types.
 * @param {readonly string[]} types
 * @param {string} message
 */
function ban(types, message) {
  return {
    /** @param {{ report(problem: { node: unknown, message: string }): void }} context */
    create: (context) =>
      Object.fromEntries(
        types.map((type) => [type, (/** @type {unknown} */ node) => context.report({ node, message })]),
      ),
  }
}
