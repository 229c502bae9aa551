import { thorough } from '@subagent-mcp/testkit'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow, openTestRepository, repositoryStateOf } from './repositories.test.support.js'

test(
  'what an agent changed in the folder itself is shown and undone, and later edits stay',
  thorough,
  async () => {
    const { root, write, gitIn, environment, store } = openTestRepository({
      'a.txt': 'one\n',
      'b.txt': 'two\n',
    })
    write({ 'a.txt': 'ONE\n' })
    const before = repositoryStateOf(root, gitIn)
    await store.states.keep({ id: 'one', cwd: root, environment })
    write({ 'a.txt': 'agent\n', 'new.txt': 'agent\n' })
    await store.states.note('one')
    write({ 'b.txt': 'user\n', 'a.txt': 'user\n' })
    expect((await store.states.changes('one')).files.map(({ path }) => path)).toEqual(['a.txt', 'new.txt'])
    const conflict = { path: 'a.txt', reason: 'both sides changed the same lines' }
    expect(await store.states.undo('one')).toEqual({ type: 'conflicts', conflicts: [conflict] })
    write({ 'a.txt': 'agent\n' })
    expect(await store.states.undo('one')).toMatchObject({ type: 'applied', baseMoved: true })
    expect(filesBelow(root)).toEqual({ 'a.txt': 'ONE\n', 'b.txt': 'user\n' })
    expect({ ...repositoryStateOf(root, gitIn), status: '' }).toEqual({ ...before, status: '' })
    expect((await store.states.changes('one')).files).toEqual([])
    await store.states.forget('one')
    expect(await store.list()).toEqual([])
  },
)

/** A repository with a state that is kept for `one`, in which the agent has changed line 1 of `a.txt` and added `new.txt`. */
async function openAfterTurn() {
  const lines = ['1', '2', '3', '4', '5']
  const text = (first: string, last = '5') => `${[first, ...lines.slice(1, -1), last].join('\n')}\n`
  const repository = openTestRepository({ 'a.txt': text('1'), 'b.txt': 'b\n' })
  const { root, environment, store, write } = repository
  const { states } = store
  await states.keep({ id: 'one', cwd: root, environment })
  write({ 'a.txt': text('agent'), 'new.txt': 'agent\n' })
  await states.note('one')
  const paths = async () => (await states.changes('one')).files.map(({ path }) => path)
  return { ...repository, states, text, paths }
}

test('edits between two turns of an agent are not its own, and an undo keeps them', thorough, async () => {
  const { root, states, write, text, paths } = await openAfterTurn()
  write({ 'a.txt': text('agent', 'user'), 'b.txt': 'user\n', 'user.txt': 'user\n' })
  await states.begin('one')
  write({ 'b.txt': 'user\nagent\n', 'new.txt': 'agent again\n' })
  expect(await paths()).toEqual(['a.txt', 'b.txt', 'new.txt'])
  await states.note('one')
  write({ 'later.txt': 'user\n' })
  // A second note in the same turn, as after a restart, takes nothing of this for the agent's.
  await states.note('one')
  const { left, patch } = await states.changes('one')
  expect([left, patch]).toEqual([[], expect.not.stringMatching(/^[-+]user/m)])
  expect(await states.undo('one')).toMatchObject({ type: 'applied' })
  expect(filesBelow(root)).toEqual({
    ...{ 'a.txt': text('1', 'user'), 'b.txt': 'user\n', 'user.txt': 'user\n', 'later.txt': 'user\n' },
  })
  // What the user edits after an undo is not the work of the next turn.
  write({ 'b.txt': 'user again\n' })
  await states.begin('one')
  write({ 'new.txt': 'third turn\n' })
  await states.note('one')
  expect(await paths()).toEqual(['new.txt'])
})

test(
  "an edit between two turns in lines of the agent makes them the user's, which is said",
  thorough,
  async () => {
    const { root, states, write, text, paths } = await openAfterTurn()
    write({ 'a.txt': text('user') })
    rmSync(join(root, 'new.txt'))
    await states.begin('one')
    write({ 'a.txt': text('user', 'agent') })
    await states.note('one')
    expect(await paths()).toEqual(['a.txt'])
    expect((await states.changes('one')).left).toEqual([expect.stringMatching(/^a\.txt \(/)])
    await states.undo('one')
    expect(filesBelow(root)).toEqual({ 'a.txt': text('user'), 'b.txt': 'b\n' })
  },
)
