import type { SessionCommand } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { calm, type Deep } from '../deep-driver.test.support.js'
import { createManualPool, poolSpec } from '../manual-pool.test.support.js'

const prime = 'read these files'
const waiting = new AbortController().signal

function asks(deep: Deep, tool: string): void {
  deep.say({ type: 'approval-requested', requestId: `may I ${tool}`, tool, input: {} })
}

function answers({ sent }: Deep): SessionCommand[] {
  return sent.filter(({ type }) => type === 'answer')
}

test('a prime continues with what the policy allows, and without what it denies', async () => {
  const manual = createManualPool()
  manual.policy.set('Read', 'allow').set('Bash', 'deny')
  const holder = manual.lease(manual.pool.addSpec(poolSpec({ prime })))
  await manual.newest().opened()
  const deep = manual.newest()
  for (const tool of ['Read', 'Bash', 'Read']) asks(deep, tool)
  const allowed = { type: 'answer', requestId: 'may I Read', decision: 'allow' }
  const reason = 'not allowed here (policy of reviewer): do without it'
  const denied = { type: 'answer', requestId: 'may I Bash', decision: 'deny', reason }
  expect(answers(deep)).toEqual([allowed, denied, allowed])
  expect(manual.logged).toEqual([
    'a process of reviewer (pid 1) was denied Bash before its task: policy of reviewer',
  ])
  deep.finish('read')
  await holder.session()
  await calm()
  expect(holder.heard).toEqual([{ type: 'session-identified', sessionId: 's1' }])
  expect(deep.closes).toEqual([])
})

test.each([
  ['a person would have to be asked', 'ask', 'may it use Bash? (policy of reviewer)'],
  ['the policy fails', undefined, 'may it use Bash? (the policy failed: Error: no policy)'],
] as const)('a prime ends where %s', async (_why, verdict, message) => {
  const manual = createManualPool()
  manual.policy.set('Bash', verdict)
  const holder = manual.lease(manual.pool.addSpec(poolSpec({ prime })))
  await manual.newest().opened()
  asks(manual.newest(), 'Bash')
  expect(answers(manual.newest())).toEqual([])
  expect(manual.newest().closes).toEqual(['kill'])
  await manual.newest().gone()
  const failure = { reason: 'bad-request', message: `the prime prompt led to a question: ${message}` }
  expect(await holder.outcome).toMatchObject({ type: 'failed', failure })
})

test('the turn that fills the cache is answered by the policy, and asks nobody', async () => {
  const manual = createManualPool()
  manual.policy.set('Read', 'allow')
  const warm = manual.pool.warm(manual.pool.addSpec(poolSpec()), { cache: true, signal: waiting })
  await manual.newest().opened()
  const deep = manual.newest()
  for (const tool of ['Read', 'Bash']) asks(deep, tool)
  expect(answers(deep)).toMatchObject([
    { decision: 'allow' },
    { decision: 'deny', reason: 'nobody is there to be asked' },
  ])
  deep.finish('OK')
  deep.forgotten()
  expect(await warm).toMatchObject({ type: 'warm' })
})

test('a question of a task is its holder’s; one that nobody waits for is denied, whatever the policy', async () => {
  const manual = createManualPool()
  manual.policy.set('Read', 'allow')
  const holder = await manual.taken(manual.pool.addSpec(poolSpec()))
  const deep = manual.newest()
  await holder.prompt('task')
  asks(deep, 'Read')
  await calm()
  expect(holder.heard.at(-1)).toMatchObject({ type: 'approval-requested', tool: 'Read' })
  expect(answers(deep)).toEqual([])

  const end = (await holder.session()).close('graceful')
  asks(deep, 'settleBy')
  deep.finish()
  asks(deep, 'resetting')
  deep.forgotten()
  await end
  expect(manual.pool.processes()).toMatchObject([{ status: 'warm' }])
  asks(deep, 'Read')
  const denied = (tool: string) => ({ type: 'answer', requestId: `may I ${tool}`, decision: 'deny' })
  expect(answers(deep)).toEqual([denied('settleBy'), denied('resetting'), denied('Read')])
  expect(holder.heard.filter(({ type }) => type === 'approval-requested')).toHaveLength(1)
})
