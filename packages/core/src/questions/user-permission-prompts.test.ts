import type { ManualSession } from '@subagent-mcp/testkit'
import { beforeEach, expect, test } from 'vitest'
import { answerPermission } from './answer-permission.js'
import { disconnectCaller } from '../requests/caller-connection.js'
import {
  codeOf,
  createManualSupervisor,
  waitSummary,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import { findAgentByIdOrName } from '../launch/launch-supervised-agent.js'
import { answersIn, askIn, createManualUser, type Dialog } from './questions.test.support.js'
import { listPendingApprovals } from '../agent/reports.js'

const minutes = 60_000
const tooLate = 'nobody answered in time: do without it, or say in your answer what you needed and why'

let manual: ManualSupervisor
let id: string
let session: ManualSession
let user: ReturnType<typeof createManualUser>

beforeEach(async () => {
  manual = createManualSupervisor({}, { answerWithin: 5 * minutes })
  ;({ id, session } = await manual.launched())
  user = createManualUser()
})

/** The user's newest dialog. */
function dialog(): Dialog {
  const last = user.dialogs.at(-1)
  if (!last) throw new Error('no dialog')
  return last
}

function answer(decision: 'allow' | 'deny' = 'allow'): void {
  answerPermission(manual.supervisor, { agentId: id, decision, by: 'terminal', who: 'me' })
}

function pending(): string[] {
  return listPendingApprovals(findAgentByIdOrName(manual.supervisor, id)).map(({ requestId }) => requestId)
}

/** Whether a wait has nothing to return now. */
async function isSilent(): Promise<boolean> {
  const call = new AbortController()
  const wait = manual.waiting({}, call.signal)
  await new Promise(setImmediate)
  call.abort()
  return (await wait).type === 'cancelled'
}

test("a present user is asked immediately, no wait reports the question, and the user's choice is the answer", async () => {
  manual.supervisor.addPromptHandler('me', user)
  askIn(session)
  expect(dialog().request).toMatchObject({ requestId: 'p1', shownTo: 'me' })
  expect(await isSilent()).toBe(true)
  await dialog().say({ decision: 'deny', reason: 'use npm' })
  expect(answersIn(session)).toEqual([
    { type: 'answer', requestId: 'p1', decision: 'deny', reason: 'use npm' },
  ])
  expect(findAgentByIdOrName(manual.supervisor, id)).toMatchObject({
    phase: { status: 'working' },
    answered: [{ requestId: 'p1', decision: 'deny', by: 'elicitation', who: 'user of me' }],
  })
})

test('if the user gives no answer, the wait reports the question, and the user is not asked again', async () => {
  const leave = manual.supervisor.addPromptHandler('me', user)
  askIn(session)
  const wait = manual.waiting()
  await dialog().say()
  expect(await waitSummary(wait)).toMatchObject({ news: [[id, 'approval']] })
  leave()
  manual.supervisor.addPromptHandler('me', user)
  expect(user.dialogs).toHaveLength(1)
  expect(pending()).toEqual(['p1'])
})

test('a user who is away leaves half of the time to others, and is not asked again', async () => {
  manual.supervisor.addPromptHandler('me', user)
  askIn(session)
  const wait = manual.waiting()
  manual.clock.advance(2 * minutes)
  expect(await isSilent()).toBe(true)
  manual.clock.advance(1 * minutes)
  expect(await waitSummary(wait)).toMatchObject({ news: [[id, 'approval']] })
  expect(dialog().signal.aborted).toBe(true)
  expect(pending()).toEqual(['p1'])
})

test('a call that ends passes it on, and takes the dialog away; the next call asks again', async () => {
  const leave = manual.supervisor.addPromptHandler('me', user)
  askIn(session)
  const [first] = user.dialogs
  const wait = manual.waiting()
  leave()
  expect(first?.signal.aborted).toBe(true)
  expect(await waitSummary(wait)).toMatchObject({ news: [[id, 'approval']] })
  manual.supervisor.addPromptHandler('me', user)
  expect(user.dialogs).toHaveLength(2)
  await first?.say({ decision: 'deny' })
  expect(answersIn(session)).toEqual([])
  await dialog().say({ decision: 'allow' })
  expect(answersIn(session)).toMatchObject([{ decision: 'allow' }])
})

test('an open question is shown to a user who connects later, and no wait reports it', async () => {
  askIn(session)
  manual.supervisor.addPromptHandler('me', user)
  expect(dialog().request.requestId).toBe('p1')
  expect(await isSilent()).toBe(true)
  await dialog().say()
  expect(await waitSummary(manual.waiting())).toMatchObject({ news: [[id, 'approval']] })
})

test('only the user of the launching host is asked', async () => {
  manual.connect('other')
  manual.supervisor.addPromptHandler('other', user)
  askIn(session)
  expect(user.dialogs).toEqual([])
  expect(await waitSummary(manual.waiting())).toMatchObject({ news: [[id, 'approval']] })
})

test('two parallel calls ask once, and it is shown until the last of them ends', async () => {
  const leaves = [
    manual.supervisor.addPromptHandler('me', user),
    manual.supervisor.addPromptHandler('me', user),
  ]
  askIn(session)
  expect(user.dialogs).toHaveLength(1)
  const wait = manual.waiting()
  for (const leave of leaves) leave()
  expect(await waitSummary(wait)).toMatchObject({ news: [[id, 'approval']] })
  await dialog().say({ decision: 'allow' })
  expect(answersIn(session)).toEqual([])
})

test('a host that goes while its user is asked leaves the question to others, then to its deadline', () => {
  const leave = manual.supervisor.addPromptHandler('me', user)
  askIn(session, 'p1')
  askIn(session, 'p2')
  leave()
  disconnectCaller(manual.supervisor, 'me')
  expect(user.dialogs.map(({ signal }) => signal.aborted)).toEqual([true, true])
  answer()
  expect(pending()).toEqual(['p2'])
  manual.clock.advance(5 * minutes)
  expect(answersIn(session)).toMatchObject([
    { requestId: 'p1', decision: 'allow' },
    { requestId: 'p2', decision: 'deny', reason: tooLate },
  ])
})

test.each([
  ['somebody else answers', () => answer('deny'), 1],
  ['its time is over', () => manual.clock.advance(5 * minutes), 1],
  ['the turn ends', () => session.finish(), 0],
  ['the CLI takes it back', () => session.sink({ type: 'approval-withdrawn', requestId: 'p1' }), 0],
  ['the session dies', () => session.sink({ type: 'session-closed' }), 0],
])(
  'the dialog goes away when %s, and what the user says then comes to nothing',
  async (_, happen, answers) => {
    manual.supervisor.addPromptHandler('me', user)
    askIn(session)
    happen()
    expect(dialog().signal.aborted).toBe(true)
    await dialog().say({ decision: 'allow' })
    expect(answersIn(session).filter(({ decision }) => decision === 'allow')).toEqual([])
    expect(answersIn(session)).toHaveLength(answers)
    expect(pending()).toEqual([])
  },
)

test("a user's answer that cannot be kept passes the question on", async () => {
  manual.supervisor.addPromptHandler('me', user)
  askIn(session)
  manual.journal.full = true
  await dialog().say({ decision: 'allow' })
  expect(answersIn(session)).toEqual([])
  manual.journal.full = false
  expect(await waitSummary(manual.waiting())).toMatchObject({ news: [[id, 'approval']] })
  answer()
  expect(answersIn(session)).toMatchObject([{ decision: 'allow' }])
})

test('an answer of another caller while the user is asked counts, and a later one fails with its name', async () => {
  manual.supervisor.addPromptHandler('me', user)
  askIn(session)
  await dialog().say({ decision: 'allow' })
  expect(codeOf(() => answer())).toBe('no-permission-pending')
})
