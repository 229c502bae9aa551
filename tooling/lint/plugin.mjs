/** The bans of style.md for which oxlint has no rule of its own. */
export default {
  meta: { name: 'house' },
  rules: {
    'no-class': ban(
      ['ClassDeclaration', 'ClassExpression'],
      'Use functions and plain objects. The one class is SubagentError.',
    ),
    'no-export-all': ban(['ExportAllDeclaration'], 'Name what is exported: `export *` hides the interface.'),
  },
}

/**
 * A rule that reports every node of these types.
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
