import {
  answerPermission,
  connectCaller,
  createMemoryJournal,
  createSupervisor,
  disconnectCaller,
  launchSupervisedAgent,
  stopAgent,
  waitForReports,
  type DurableFact,
} from '@subagent-mcp/core'
import { createManualClock, createManualDriver } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { notifyUserOfReports, type NotifyOptions, type NotifySender } from './notify-user-of-reports.js'
import type { UserNotice } from './user-notice.js'

const second = 1_000

/** A supervisor with a connected host, whose user is notified as by default. */
function notified({ history = [], ...options }: Partial<NotifyOptions> & { history?: DurableFact[] } = {}) {
  const clock = createManualClock()
  const driver = createManualDriver()
  const journal = createMemoryJournal()
  const supervisor = createSupervisor({ drivers: [driver], clock, journal })
  const notices: UserNotice[] = []
  const lines: string[] = []
  const sender: NotifySender = {
    name: 'a list',
    send: (notice) => {
      notices.push(notice)
      return Promise.resolve()
    },
  }
  const stop = notifyUserOfReports({
    ...{ supervisor, senders: [sender], on: ['asks', 'ended'], stalledAfter: 600 * second },
    ...{ after: { asks: 5 * second, ended: 30 * second }, log: (line) => lines.push(line) },
    ...options,
  })
  supervisor.adopt(history)
  connectCaller(supervisor, { caller: 'host', project: '/home/me/app', hostProcesses: [7] })
  const launched = async (name: string) => {
    const { agent } = launchSupervisedAgent(supervisor, 'host', {
      prompt: `be ${name}`,
      cwd: '/home/me/app',
      name,
    })
    const session = driver.sessions.at(-1)
    await session?.open()
    if (!session) throw new Error('no session')
    return { id: agent.profile.id, session }
  }
  const pass = (seconds: number): void => {
    for (let passed = 0; passed < seconds * 5; passed += 1) clock.advance(second / 5)
  }
  const facts = (): DurableFact[] => journal.history.read({ limit: 1000 }).facts.map(({ fact }) => fact)
  return { supervisor, notices, lines, stop, launched, pass, facts }
}

test('a report that no host reads causes one notice, after its time, without the answer', async () => {
  const { notices, launched, pass } = notified()
  const { id, session } = await launched('reviewer')
  session.finish('the answer')
  pass(29)
  expect(notices).toEqual([])
  pass(2)
  const agent = { id, name: 'reviewer', project: 'app', status: 'finished' }
  expect(notices).toEqual([
    {
      event: 'ended',
      title: 'reviewer (app) has finished',
      text: 'Its host session has not read this yet.',
      agents: [agent],
    },
  ])
  pass(600)
  expect(notices).toHaveLength(1)
})

test('there are no notices for reports that a host waits for or has received, or for stopped agents', async () => {
  const { supervisor, notices, launched, pass } = notified()
  const [waited, stopped] = [await launched('waited'), await launched('stopped')]
  const { id } = waited
  const waiting = waitForReports(supervisor, { caller: 'host', agentIds: [id], until: 'all' })
  pass(60)
  waited.session.finish('done')
  const result = await waiting
  pass(60)
  if (result.type !== 'cancelled') result.received()
  await stopAgent(supervisor, 'host', stopped.id)
  pass(60)
  expect(notices).toEqual([])
})

test('ends that fall together are one notice, and a later one is another', async () => {
  const { supervisor, notices, launched, pass } = notified()
  for (let number = 1; number <= 7; number += 1) {
    const { session } = await launched(`agent ${number}`)
    session.finish('done')
    pass(1)
  }
  const late = await launched('late')
  disconnectCaller(supervisor, 'host')
  pass(20)
  late.session.finish('done')
  pass(60)
  expect(notices.map(({ title }) => title)).toEqual(['7 agents have ended', 'late (app) has finished'])
  expect(notices[0]?.agents).toHaveLength(7)
  expect(notices[0]?.text.split('\n').slice(4)).toEqual(['agent 5 (app) has finished', 'and 2 more'])
})

test('a question causes a notice with its call on one line and secrets masked, unless it was answered in time', async () => {
  const { supervisor, notices, launched, pass } = notified()
  const { id, session } = await launched('tests\u001b[2J')
  const command = `curl -H 'Authorization: Bearer ghp_${'a1B2'.repeat(9)}' \\\n https://x.test/${'y'.repeat(200)}`
  session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: { command } })
  pass(6)
  expect(notices).toHaveLength(1)
  expect(notices[0]).toMatchObject({ event: 'asks', title: 'tests [2J (app) asks for permission' })
  expect(notices[0]?.text).toMatch(/^Bash: curl .{105,115}…$/)
  expect(JSON.stringify(notices)).not.toContain('ghp_a1B2')
  const by = { by: 'tool', who: 'host', decision: 'deny' } as const
  answerPermission(supervisor, { agentId: id, ...by })
  session.sink({ type: 'approval-requested', requestId: 'q', tool: 'Bash', input: { command: 'make x' } })
  pass(3)
  answerPermission(supervisor, { agentId: id, ...by })
  pass(60)
  expect(notices).toHaveLength(1)
})

test('only the events that the user chose cause notices', async () => {
  const { notices, launched, pass } = notified({ on: ['asks'] })
  const { session } = await launched('reviewer')
  session.finish('done')
  pass(60)
  expect(notices).toEqual([])
})

test('after a restart a report with a notice causes none again, and a report without one does', async () => {
  const before = notified()
  const [told, untold] = [await before.launched('told'), await before.launched('untold')]
  told.session.finish('done')
  before.pass(31)
  untold.session.finish('done')
  before.stop()
  before.pass(60)
  expect(before.notices).toHaveLength(1)
  const after = notified({ history: before.facts() })
  after.pass(40)
  expect(after.notices.map(({ title }) => title)).toEqual(['untold (app) has finished'])
})

test('a sender that fails stops no other, and is logged once until it works again', async () => {
  const working: string[] = []
  let fails = true
  const senders: NotifySender[] = [
    { name: 'webhook', send: () => (fails ? Promise.reject(new Error('ECONNREFUSED')) : Promise.resolve()) },
    { name: 'desktop', send: ({ title }) => Promise.resolve(void working.push(title)) },
  ]
  const { lines, launched, pass } = notified({ senders })
  for (const name of ['one', 'two', 'three', 'four']) {
    const { session } = await launched(name)
    session.finish('done')
    fails = name !== 'three'
    pass(31)
    await new Promise(setImmediate)
  }
  expect(working).toHaveLength(4)
  const line = 'cannot notify by webhook: ECONNREFUSED; further failures are not logged until it works again'
  expect(lines).toEqual([line, line])
})
