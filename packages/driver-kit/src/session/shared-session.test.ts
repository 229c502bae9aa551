import type { SessionCloseMode, SessionEvent } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { openSharedSession, type OpenSharedSession, type SharedSessionSteps } from './shared-session.js'

type Host = { kill: () => void; gone: Promise<undefined> }
type Parts = SharedSessionSteps<Host, 'conversation'>

/** Opens a session in a fake shared process that the test ends; records events and releases. */
function byHand({
  live = {},
  isShared = () => false,
  ...parts
}: Partial<Parts> & { live?: Partial<OpenSharedSession>; isShared?: () => boolean } = {}) {
  const told: SessionEvent[] = []
  const released: (SessionCloseMode | undefined)[] = []
  let kills = 0
  let die: (how: undefined) => void = () => undefined
  const gone = new Promise<undefined>((resolve) => (die = resolve))
  const kill = () => {
    kills += 1
    die(undefined)
  }
  const release = (mode?: SessionCloseMode) => Promise.resolve(void released.push(mode))
  const sink = (event: SessionEvent) => void told.push(event)
  const opening = openSharedSession<Host, 'conversation'>({
    label: 'fake',
    lease: () => Promise.resolve({ type: 'leased', process: { kill, gone }, isShared, release }),
    sink,
    signal: new AbortController().signal,
    open: () =>
      Promise.resolve({
        type: 'opened',
        conversation: 'conversation',
        identity: { sessionId: 's' },
        notes: [],
      }),
    discard: () => undefined,
    attach: () => ({
      send: () => undefined,
      unload: () => Promise.resolve(),
      endLeftovers: () => Promise.resolve(),
      end: () => sink({ type: 'session-closed' }),
      ...live,
    }),
    ...parts,
  })
  return { opening, released, told, kills: () => kills }
}

async function opened(live: Partial<OpenSharedSession>, isShared = () => false) {
  const { opening, ...rest } = byHand({ live, isShared })
  const outcome = await opening
  if (outcome.type === 'failed') throw new Error(outcome.failure.message)
  return { ...rest, session: outcome.session }
}

test('an opening that throws fails, and gives its part in the process back', async () => {
  const { opening, released } = byHand({ open: () => Promise.reject(new Error('a bug')) })
  expect(await opening).toEqual({ type: 'failed', failure: { reason: 'unknown', message: 'a bug' } })
  expect(released).toEqual(['kill'])
})

test('leftovers that are slow to die are waited for, and the process stays for the others', async () => {
  const { session, released, kills } = await opened({
    endLeftovers: () => new Promise((resolve) => setTimeout(resolve, 1_500)),
  })
  await session.close('graceful')
  expect([released, kills()]).toEqual([['graceful'], 0])
})

test('a conversation that is not put away in time ends the process', async () => {
  const { session, told, kills } = await opened({ unload: () => new Promise(() => undefined) })
  await session.close('graceful')
  expect(kills()).toBe(1)
  expect(told.at(-1)).toEqual({ type: 'session-closed' })
})

test('a conversation that is slow to go does not end a process that other sessions need', async () => {
  const unload = () => new Promise<void>((resolve) => setTimeout(resolve, 1_500))
  const { session, released, kills } = await opened({ unload }, () => true)
  await session.close('kill')
  expect([released, kills()]).toEqual([['kill'], 0])
})

test('it does when those have gone meanwhile', async () => {
  let others = 2
  const { session, kills } = await opened({ unload: () => new Promise(() => undefined) }, () => others-- > 0)
  await session.close('kill')
  expect([kills(), others]).toEqual([1, -1])
})
