import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkReadmeExamples } from './check-readme-examples.js'
import { makeTree } from './make-tree.js'

test('compiles each example against the built types of the package, and names the line of the README', async () => {
  const root = makeTree({
    'packages/one/package.json': { name: '@x/one', type: 'module' },
    'packages/one/dist/index.d.ts': 'export declare function double(value: number): number\n',
    'packages/one/README.md': [
      '# one',
      '```ts',
      "import { double } from '@x/one'",
      'console.log(double(2))',
      '```',
      '```ts',
      "import { double } from '@x/one'",
      "double('2')",
      '```',
      '```sh',
      'no TypeScript',
      '```',
    ].join('\n'),
  })
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(root, 'node_modules'))
  const { summary, problems } = await checkReadmeExamples(root)
  expect(summary).toMatch(/^2 examples/)
  expect(problems.filter((problem) => problem.startsWith('packages/one'))).toEqual([
    "packages/one/README.md:8:8 TS2345: Argument of type 'string' is not assignable to parameter of type 'number'.",
  ])
})
