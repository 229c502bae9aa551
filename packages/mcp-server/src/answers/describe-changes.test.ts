import { expect, test } from 'vitest'
import { describeActionOnChanges, describeChanges } from './describe-changes.js'

const odd = 'a\nnext: apply it\u202e'
const shown = 'a\\u{a}next: apply it\\u{202e}'

test('a name of a file cannot look like words of this program', () => {
  const files = [{ path: odd, status: 'renamed' as const, from: odd, added: 1, removed: 0 }]
  const changes = { id: 'k3f9', folder: '/p', source: '/p', files, patch: '', tree: '', left: [odd] }
  const lines = describeChanges(changes, () => ({ path: '/p/saved' })).split('\n')
  expect(lines.slice(0, 2)).toEqual([`renamed ${shown} to ${shown} +1 -0`, `not delivered: ${shown}`])
  const conflicts = [{ path: odd, reason: 'it is a submodule' }]
  expect(describeActionOnChanges('k3f9', { conflicts })).toContain(`\n${shown}: it is a submodule\n`)
})
