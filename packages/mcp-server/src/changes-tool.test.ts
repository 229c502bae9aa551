import { afterEach, beforeEach, expect, test } from 'vitest'
import { startManualServer, type ManualServer } from './manual-server.test.support.js'
import { changesOf } from './manual-changes.test.support.js'

let server: ManualServer
beforeEach(async () => {
  server = await startManualServer()
})
afterEach(() => server.close())

const files = [
  { path: 'src/cart.ts', status: 'modified', added: 3, removed: 1 },
  { path: 'logo.png', status: 'added' },
  { path: 'b.ts', from: 'a.ts', status: 'renamed', added: 0, removed: 0 },
] as const
const patch = 'diff --git a/src/cart.ts b/src/cart.ts\n-old\n+new\n'

/** Launches an agent that has made these changes in its worktree. */
async function changed(): Promise<{
  id: string
  session: Awaited<ReturnType<ManualServer['launched']>>['session']
}> {
  const { id, session } = await server.launched()
  server.changes.found.set(id, changesOf(id, { files, patch, left: ['lib/ (a repository)'] }))
  return { id, session }
}

test('wait says how much an agent changed in its worktree, and how it is taken', async () => {
  const { id, session } = await changed()
  session.finish('done')
  expect(await server.host.call('wait')).toContain(
    `done\nchanged: 3 files +3 -1; next: changes agent_id=${id} shows them, action=apply takes them`,
  )
  expect(await server.host.call('poll_agent', { agent_id: id })).toContain('changed: 3 files +3 -1')
})

test('an agent without a worktree has no such line', async () => {
  const { session } = await server.launched()
  session.finish('done')
  expect(await server.host.call('wait')).not.toContain('changed')
})

test('shows files, what is left out, and the diff', async () => {
  const { id } = await changed()
  expect(await server.host.call('changes', { agent_id: id })).toBe(
    `modified src/cart.ts +3 -1\nadded logo.png binary\nrenamed a.ts to b.ts +0 -0\nnot delivered: lib/ (a repository)\n\n` +
      `${patch.trimEnd()}\n\nnext: changes with action apply, discard or branch`,
  )
})

test('a long diff is cut at its end and saved whole', async () => {
  const { id } = await changed()
  const long = `+${'x'.repeat(20_000)}\n`
  server.changes.found.set(id, changesOf(id, { files, patch: long }))
  expect(await server.host.call('changes', { agent_id: id })).toContain(
    `[the diff goes on; whole: /kept/${id}-changes]`,
  )
  expect(server.saved.get(`${id}-changes`)).toBe(long)
})

test('actions are passed on; a branch needs its name, and no other action takes one', async () => {
  const { id } = await changed()
  server.changes.answer = { applied: files, baseMoved: true }
  const applied = await server.host.call('changes', { agent_id: id, action: 'apply' })
  expect(applied).toMatch(/^applied to the checkout, uncommitted:\nmodified src\/cart\.ts/)
  expect(applied).toContain('run the tests there')
  server.changes.answer = { conflicts: [{ path: 'src/cart.ts', reason: 'both sides changed it' }] }
  expect(await server.host.call('changes', { agent_id: id, action: 'apply' })).toMatch(
    /^nothing was changed, 1 in conflict:\nsrc\/cart\.ts: both sides changed it\n/,
  )
  server.changes.answer = { branch: { name: 'cart', commit: 'c0ffee' } }
  await server.host.call('changes', { agent_id: id, action: 'branch', name: 'cart' })
  expect(server.changes.acted).toEqual([
    [id, { type: 'apply' }],
    [id, { type: 'apply' }],
    [id, { type: 'branch', name: 'cart' }],
  ])
  for (const wrong of [{ action: 'branch' }, { action: 'discard', name: 'cart' }])
    expect(await server.host.call('changes', { agent_id: id, ...wrong })).toMatch(
      /^invalid-parameter: action/,
    )
})

test('files that several agents edited are named by wait, and by list_agents while one of them runs', async () => {
  const [one, other] = [await server.launched(), await server.launched()]
  server.changes.edited.push({ path: '/p/cart.ts', agentIds: [one.id, other.id] })
  const warning = `warning: edited by several agents: /p/cart.ts (${one.id}, ${other.id}); isolation worktree`
  one.session.finish('done')
  expect(await server.host.call('wait', { agent_ids: [one.id] })).toContain(warning)
  expect(await server.host.call('list_agents')).toContain(warning)
  other.session.finish('done')
  expect(await server.host.call('list_agents')).not.toContain('warning')
})
