import { SubagentError } from '@subagent-mcp/contract'
import {
  connectCaller,
  createSupervisor,
  loadCurrentTurnText,
  findAgentByIdOrName,
  launchSupervisedAgent,
  parseJournaledFact,
  convertSnapshotToFact,
  stopAgent,
  type Supervisor,
} from '@subagent-mcp/core'
import { openJournal, type Journal } from '@subagent-mcp/journal'
import { noPermissionRules } from '@subagent-mcp/permissions'
import { createManualClock, createManualDriver, makeTemporaryFolder } from '@subagent-mcp/testkit'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { storeFactsInJournal } from './fact-journal.js'
import { startSnapshotWriter } from './snapshot-writer.js'

/** Opens the journal of a folder in the name of an owner. Owners that are `dead` count as dead to all others. */
function journalIn(folder: string, nonce: string): Journal {
  const journal = openJournal({
    path: join(folder, 'journal.db'),
    owner: { kind: 'daemon', pid: 1, startTime: '-', place: '-', nonce, version: '1' },
    isAlive: (owner) => !owner.nonce.startsWith('dead'),
    onForeign: () => undefined,
    now: () => 0,
  })
  onTestFinished(journal.close)
  return journal
}

function stage() {
  const folder = makeTemporaryFolder()
  const [driver, clock] = [createManualDriver(), createManualClock()]
  let isFull = false
  const start = (nonce: string) => {
    const journal = journalIn(folder, nonce)
    const kept = storeFactsInJournal(journal, () => undefined)
    const append: typeof kept.append = (...given) => {
      if (isFull) throw new SubagentError('io-failed', 'disk full')
      return kept.append(...given)
    }
    const supervisor = createSupervisor({ drivers: [driver], clock, journal: { ...kept, append } })
    const keeper = startSnapshotWriter({ supervisor, journal, log: () => undefined })
    const authority = { preset: 'accept-edits', rules: noPermissionRules } as const
    connectCaller(supervisor, { caller: 'me', project: '/p', depth: 0, authority })
    return { journal, supervisor, keeper }
  }
  const ended = async (supervisor: Supervisor, text: string): Promise<string> => {
    const request = {
      prompt: 'do it',
      category: 'coding',
      cwd: '/p',
      provider: 'claude',
      model: 'opus',
    } as const
    const { agent } = launchSupervisedAgent(supervisor, 'me', request)
    const session = driver.sessions.at(-1)
    await session?.open()
    session?.finish(text)
    await stopAgent(supervisor, 'me', agent.profile.id)
    return agent.profile.id
  }
  const setFull = (full: boolean): void => void (isFull = full)
  return { clock, start, ended, setFull }
}

/** Takes over all agents of dead owners. Returns how many parts of the history were facts. */
function adopt({ journal, supervisor }: { journal: Journal; supervisor: Supervisor }): number {
  const entries = [...journal.adopt().entries]
  supervisor.adopt(
    entries.flatMap(
      (entry) =>
        ('snapshot' in entry ? convertSnapshotToFact(entry.snapshot) : parseJournaledFact(entry.body)) ?? [],
    ),
  )
  return entries.filter((entry) => !('snapshot' in entry)).length
}

test('a start after a crash replays no fact of an agent with a snapshot, and reads its text when asked', async () => {
  const { clock, start, ended } = stage()
  const dead = start('dead')
  const id = await ended(dead.supervisor, 'the answer')
  clock.advance(1_000)
  const next = start('next')
  expect(adopt(next)).toBe(0)
  const [before, after] = [dead, next].map(({ supervisor }) => findAgentByIdOrName(supervisor, id))
  expect(after).toEqual(before)
  expect(after?.turns[0]).not.toHaveProperty('text')
  expect(after && loadCurrentTurnText(next.supervisor, after)).toBe('the answer')
})

test('a crash before the snapshot is written loses nothing; the next start writes it', async () => {
  const { start, ended } = stage()
  const id = await ended(start('dead').supervisor, 'the answer')
  const second = start('dead too')
  expect(adopt(second)).toBeGreaterThan(4)
  second.keeper.add([id])
  second.keeper.stop()
  const third = start('third')
  expect(adopt(third)).toBe(0)
  expect(loadCurrentTurnText(third.supervisor, findAgentByIdOrName(third.supervisor, id))).toBe('the answer')
})

test('no snapshot contains a fact that could not be written, because it would count twice', async () => {
  const { clock, start, ended, setFull } = stage()
  const dead = start('dead')
  const id = await ended(dead.supervisor, 'the answer')
  setFull(true)
  dead.supervisor.dispatch({ type: 'reports-delivered', at: clock.now(), agentId: id, caller: 'me', upTo: 1 })
  clock.advance(1_000)
  expect(adopt(start('second dead'))).toBeGreaterThan(4)
  setFull(false)
})

test('an agent that goes on after its snapshot is replayed from there', async () => {
  const { clock, start, ended } = stage()
  const dead = start('dead')
  const id = await ended(dead.supervisor, 'the answer')
  clock.advance(1_000)
  dead.supervisor.dispatch({ type: 'reports-notified', at: clock.now(), agentId: id, upTo: 2 })
  const next = start('next')
  expect(adopt(next)).toBe(1)
  expect(findAgentByIdOrName(next.supervisor, id).notified).toBe(2)
})
