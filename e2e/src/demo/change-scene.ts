import type { Rule } from '@subagent-mcp/testkit'
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { shellStep } from '../shell-step.js'

/** The task whose result is checked and merged, its folder, and the command that checks it. */
export const changeTask = { prompt: 'Mend the total of an empty cart.', cwd: 'shop', command: 'node --test' }

const total = (start: string): string =>
  `export const total = (prices) => prices.reduce((sum, price) => sum + price${start})\n`

const test = `import { equal } from 'node:assert'
import { test } from 'node:test'
import { total } from './total.mjs'

test('the total of an empty cart is 0', () => equal(total([]), 0))
`

/** Makes a git repository with a fault and a test that shows it. */
export function makeShop(folder: string): void {
  const shop = join(folder, changeTask.cwd)
  mkdirSync(shop)
  writeFileSync(join(shop, 'total.mjs'), total(''))
  writeFileSync(join(shop, 'total.test.mjs'), test)
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=Demo', '-c', 'user.email=demo@localhost', ...args], { cwd: shop })
  }
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '--message', 'A shop')
}

/** What the model does: first it says that all is well without a mend, then it mends what the test has shown. */
export const changeScript: readonly Rule[] = [
  {
    match: 'Your result was checked',
    steps: [
      shellStep.claude(`printf '%s' '${total(', 0')}' > total.mjs`),
      { type: 'say', text: 'The sum now starts at 0.' },
    ],
  },
  {
    match: changeTask.prompt,
    steps: [
      shellStep.claude(`printf '%s' '${total(', undefined')}' > total.mjs`),
      { type: 'say', text: 'Done, all tests pass.' },
    ],
  },
]
