import { expect, test } from 'vitest'
import { createManualSupervisor } from '../supervisor/manual-supervisor.test.support.js'
import { disconnectCaller } from './caller-connection.js'
import { listAgentsWithUnreadReports, type UnreadReportsQuery } from './agents-with-unread-reports.js'
import { waitForReports } from './wait-for-reports.js'

function unread(
  { supervisor }: ReturnType<typeof createManualSupervisor>,
  query: UnreadReportsQuery = { caller: 'me' },
) {
  const { finished, asking } = listAgentsWithUnreadReports(supervisor.state(), query)
  return {
    finished: finished.map(({ profile }) => profile.id),
    asking: asking.map(({ profile }) => profile.id),
  }
}

test('an agent that ended a turn or asks is unread until its report has been received', async () => {
  const manual = createManualSupervisor()
  const [one, two] = [await manual.launched(), await manual.launched()]
  expect(unread(manual)).toEqual({ finished: [], asking: [] })
  one.session.finish('done')
  two.session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
  expect(unread(manual)).toEqual({ finished: [one.id], asking: [two.id] })
  await manual.waiting()
  expect(unread(manual)).toEqual({ finished: [], asking: [] })
})

test('an open wait covers its agents until its reports have arrived or are lost', async () => {
  const manual = createManualSupervisor()
  const [one, two] = [await manual.launched(), await manual.launched()]
  const controller = new AbortController()
  const wait = (agentIds: readonly string[]) =>
    waitForReports(manual.supervisor, { caller: 'me', until: 'any', agentIds }, { signal: controller.signal })
  const first = wait([one.id])
  const second = wait([two.id])
  one.session.finish('done')
  const result = await first
  expect(unread(manual).finished).toEqual([])
  if (result.type === 'cancelled') throw new Error('it was not cancelled')
  result.lost(true)
  expect(unread(manual).finished).toEqual([one.id])
  controller.abort()
  await second
  two.session.finish('done too')
  expect(unread(manual).finished).toEqual([one.id, two.id])
})

test('agents of a host that is gone are unread in its project, for whichever host comes next', async () => {
  const manual = createManualSupervisor()
  const { id, session } = await manual.launched()
  session.finish('done')
  const { project } = manual.supervisor.state().callers.get('me') ?? { project: '' }
  expect(unread(manual, { project }).finished).toEqual([])
  disconnectCaller(manual.supervisor, 'me')
  expect(unread(manual, { project }).finished).toEqual([id])
  expect(unread(manual, { project: '/elsewhere' }).finished).toEqual([])
})

test('a report that was sent on a connection that ended is marked as repeated, and one that was never sent is not', async () => {
  const manual = createManualSupervisor()
  const { session } = await manual.launched()
  session.finish('done')
  const once = async (end: 'unsent' | 'sent' | 'received') => {
    const result = await waitForReports(manual.supervisor, { caller: 'me', until: 'any' })
    if (result.type === 'cancelled') throw new Error('it was not cancelled')
    if (end === 'received') result.received()
    else result.lost(end === 'sent')
    return result.outcome.news[0]?.reports.map(({ repeated = false }) => repeated)
  }
  expect(await once('unsent')).toEqual([false])
  expect(await once('sent')).toEqual([false])
  expect(await once('received')).toEqual([true])
  expect(await once('received')).toBeUndefined()
})
