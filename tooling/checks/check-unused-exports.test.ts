import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkUnusedExports } from './check-unused-exports.js'
import { makeTree } from './make-tree.js'

/** The configuration that counts is the checkout's own. */
const knip = readFileSync(new URL('../../knip.json', import.meta.url), 'utf8')

const sound = {
  'knip.json': knip,
  'package.json': { name: 'root', private: true, type: 'module' },
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
  ...packageNamed('a'),
  'packages/a/src/index.ts': "export { used, type Shape } from './used.js'\n",
  'packages/a/src/used.ts': 'export type Shape = { side: number }\nexport const used: Shape = { side: 1 }\n',
  ...packageNamed('b', { '@x/a': 'workspace:*' }),
  'packages/b/src/index.ts': "import { used } from '@x/a'\nvoid used\n",
}

const cases = [
  { fault: 'nothing in a sound workspace', files: {}, says: [] },
  {
    fault: 'an index export without a caller',
    files: { 'packages/a/src/index.ts': "export { used } from './used.js'\nexport const idle = 1\n" },
    says: ['packages/a/src/index.ts: nobody imports idle'],
  },
  {
    fault: 'a file without a user',
    files: { 'packages/a/src/lonely.ts': 'export const lonely = 1\n' },
    says: ['packages/a/src/lonely.ts: nobody imports packages/a/src/lonely.ts'],
  },
  {
    fault: 'an exported type without a user',
    files: {
      'packages/a/src/used.ts': 'export type Shape = 1\nexport type Idle = 2\nexport const used: Shape = 1\n',
    },
    says: ['packages/a/src/used.ts: nobody imports Idle'],
  },
  {
    fault: 'an unused dependency',
    files: packageNamed('b', { '@x/a': 'workspace:*', execa: '9.6.1' }),
    says: ['packages/b/package.json: unused dependency execa'],
  },
  {
    fault: 'an import that package.json does not name',
    files: packageNamed('b'),
    says: ['packages/b/src/index.ts: not in package.json: @x/a'],
  },
]

test.each(cases)('finds $fault', { tags: ['thorough'] }, async ({ files, says }) => {
  const { problems } = await checkUnusedExports(makeTree({ ...sound, ...files }))
  expect(problems).toEqual(says)
})

function packageNamed(name: string, dependencies: object = {}) {
  return {
    [`packages/${name}/package.json`]: {
      name: `@x/${name}`,
      type: 'module',
      exports: { '.': './dist/index.js' },
      dependencies,
    },
    [`packages/${name}/tsconfig.json`]: {
      compilerOptions: { module: 'nodenext', rootDir: 'src', outDir: 'dist' },
      include: ['src'],
    },
  }
}
