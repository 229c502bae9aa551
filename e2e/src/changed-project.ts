import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Makes the project a git repository with an uncommitted change in `cart.js` that has a fault. */
export function changeProject(cwd: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd })
  const write = (body: string): void => {
    writeFileSync(
      join(cwd, 'cart.js'),
      `/** What the items cost together. */\nexport const total = (items) => ${body}\n`,
    )
  }
  git('init', '--quiet')
  write('items.reduce((sum, { price }) => sum + price, 0)')
  git('add', '.')
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '--quiet', '--message', 'A cart')
  write('items.map(({ price }) => price).reduce((sum, price) => sum + price)')
}

/** A review of that change in the reviewer's form. */
export const reviewOfChange = {
  verdict: 'changes',
  findings: [
    {
      file: 'cart.js',
      line: 2,
      severity: 'high',
      title: 'an empty cart throws',
      why: 'reduce has no initial value. Give it 0.',
    },
  ],
} as const
