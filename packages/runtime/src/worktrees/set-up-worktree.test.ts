import { makeTemporaryFolder } from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { proposeWorktreeSetUp, worktreeSetUpFile } from '@subagent-mcp/worktree'
import { expect, test } from 'vitest'
import { describeMissingSetUp } from './set-up-worktree.js'

test("a launch names a project's proposal until the user decided, and again after a change of it", () => {
  const root = makeTemporaryFolder()
  mkdirSync(join(root, '.subagent-mcp'))
  const propose = (text: string): void => writeFileSync(join(root, worktreeSetUpFile), text)
  propose('{"run": "make deps"}')
  expect(describeMissingSetUp({}, root)).toBeUndefined()
  expect(describeMissingSetUp({ setUpOf: () => undefined }, root)).toContain(
    `what ${worktreeSetUpFile} proposes; the user can say yes once`,
  )
  const approved = proposeWorktreeSetUp(root)?.setUp
  expect(describeMissingSetUp({ setUpOf: () => approved }, root)).toBeUndefined()
  propose('{"run": "make deps && make more"}')
  expect(describeMissingSetUp({ setUpOf: () => approved }, root)).toMatch(
    /changed since the user approved it/,
  )
  // The user's own words are not compared with a proposal.
  expect(describeMissingSetUp({ setUpOf: () => ({ run: 'mine' }) }, root)).toBeUndefined()
  expect(describeMissingSetUp({ setUpOf: () => false }, root)).toBeUndefined()
  propose('{')
  expect(describeMissingSetUp({ setUpOf: () => undefined }, root)).toContain(worktreeSetUpFile)
})
