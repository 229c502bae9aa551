import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkUnusedExports } from './check-unused-exports.js'
import { makeTree } from './make-tree.js'

/** The checkout's own configuration, because that is the one to test. */
const knip = readFileSync(new URL('../../knip.json', import.meta.url), 'utf8')

const thorough = { tags: ['thorough'] }

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

/** A workspace with one fault of each kind. One run of knip finds all of them, because a run takes seconds. */
const faulty = {
  ...sound,
  'packages/a/src/index.ts': "export { used } from './used.js'\nexport const idle = 1\n",
  'packages/a/src/lonely.ts': 'export const lonely = 1\n',
  'packages/a/src/used.ts': 'export type Shape = 1\nexport type Idle = 2\nexport const used: Shape = 1\n',
  ...packageNamed('b', { execa: '9.6.1' }),
}

test('finds nothing in a sound workspace', thorough, async () => {
  expect((await checkUnusedExports(makeTree(sound))).problems).toEqual([])
})

test(
  'finds unused exports, types, files and dependencies, and imports that package.json lacks',
  thorough,
  async () => {
    const { problems } = await checkUnusedExports(makeTree(faulty))
    expect(problems.toSorted()).toEqual([
      'packages/a/src/index.ts: no file imports idle; delete it or do not export it',
      'packages/a/src/lonely.ts: no file imports it; delete it',
      'packages/a/src/used.ts: no file imports Idle; delete it or do not export it',
      'packages/b/package.json: nothing uses execa; remove it from package.json',
      'packages/b/src/index.ts: @x/a is not in package.json; add it',
    ])
  },
)

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
