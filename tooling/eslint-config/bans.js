/** Syntax that the house does without, by a short name. */
const bannedSyntax = {
  exportAll: {
    selector: 'ExportAllDeclaration',
    message: 'Name what is exported: `export *` hides the interface.',
  },
  class: {
    selector: ':matches(ClassDeclaration, ClassExpression)',
    message: 'Functions and plain objects. The one class is SubagentError.',
  },
  exit: {
    selector: "MemberExpression[object.name='process'][property.name='exit']",
    message: 'Return, or set process.exitCode; the CLI exits in src/exit.ts.',
  },
}

/** Rules about what must not appear at all. */
export const bans = {
  ...bansExcept(),
  'no-restricted-imports': [
    'error',
    {
      paths: [{ name: 'node:process', importNames: ['exit'], message: bannedSyntax.exit.message }],
      patterns: [
        {
          group: ['**/src/**', '**/dist/**', '**/packages/**', '**/apps/**'],
          message: 'Import another package by its name.',
        },
      ],
    },
  ],
}

/** The syntax bans without one, for the file that is its home. */
export function bansExcept(name) {
  const rest = Object.entries(bannedSyntax).filter(([key]) => key !== name)
  return { 'no-restricted-syntax': ['error', ...rest.map(([, ban]) => ban)] }
}
