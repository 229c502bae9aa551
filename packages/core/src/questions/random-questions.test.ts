import type { PermissionAuditRecord } from '@subagent-mcp/api'
import type { ManualSession } from '@subagent-mcp/testkit'
import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { answerPermission } from './answer-permission.js'
import { createDice, type Dice } from '../agent/dice.test.support.js'
import {
  createManualSupervisor,
  type ManualSupervisor,
} from '../supervisor/manual-supervisor.test.support.js'
import { findAgentByIdOrName } from '../launch/launch-supervised-agent.js'
import { sendMessage } from '../requests/send-message.js'
import { answersIn, askIn, createManualUser } from './questions.test.support.js'
import { listPendingApprovals } from '../agent/reports.js'

test('every question ends once, and the audit log has the answer that the CLI got', async () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const { answers, records, log } = await askRandomly(createDice(seed))
    const life = `seed ${seed}: ${log.join(', ')}`
    const ends = new Map<string, PermissionAuditRecord[]>()
    for (const record of records) ends.set(record.requestId, [...(ends.get(record.requestId) ?? []), record])
    for (const lines of ends.values()) expect(wellKept(lines), `${life}: ${wordsOf(lines)}`).toBe(true)
    const forPersons = new Set(
      records.flatMap(({ event, why, requestId }) =>
        event === 'asked' && why === 'for a person' ? [requestId] : [],
      ),
    )
    const yesOfModels = records.filter(({ event, through }) => event === 'allowed' && through === 'tool')
    expect(
      yesOfModels.filter(({ requestId }) => forPersons.has(requestId)),
      life,
    ).toEqual([])
    const answered = records.filter(({ event }) => event === 'allowed' || event === 'denied')
    expect(
      answered.map(({ requestId, event }) => `${requestId} ${event}`),
      life,
    ).toEqual(answers)
  }
})

/** Whether the audit log is complete: one line for the policy's decision, or a question with exactly one end. */
function wellKept(lines: readonly PermissionAuditRecord[]): boolean {
  return /^((allowed|denied) by policy|asked (allowed|denied|withdrawn) by (?!policy)\w+)$/.test(
    wordsOf(lines),
  )
}

function wordsOf(lines: readonly PermissionAuditRecord[]): string {
  const through = lines.map(({ event, through: by = 'nobody' }) =>
    event === 'asked' ? event : `${event} by ${by}`,
  )
  return through.join(' ')
}

type Life = {
  dice: Dice
  manual: ManualSupervisor
  id: string
  session: () => ManualSession
  user: ReturnType<typeof createManualUser>
}

/** Plays sixty random events with an agent and ends it. Returns all answers that its session got, and the audit log. */
async function askRandomly(
  dice: Dice,
): Promise<{ answers: string[]; records: readonly PermissionAuditRecord[]; log: readonly string[] }> {
  const verdicts = ['allow', 'deny', 'ask', 'ask', 'ask'] as const
  const manual = createManualSupervisor({}, { answerWithin: 300_000 }, () => {
    const verdict = verdicts[dice(verdicts.length)] ?? 'ask'
    if (verdict !== 'ask') return { verdict, by: 'dice' }
    const humanOnly = dice(2) === 0
    return { verdict, by: humanOnly ? 'for a person' : 'dice', humanOnly }
  })
  const { id, session } = await manual.launched()
  session.sink({ type: 'session-identified', sessionId: 's1' })
  const life: Life = {
    dice,
    manual,
    id,
    session: () => manual.driver.sessions.at(-1) ?? session,
    user: createManualUser(),
  }
  const log: string[] = []
  const happenings = happeningsIn(life)
  for (let step = 0; step < 60; step += 1) {
    const [name, happen] = happenings[dice(happenings.length)] ?? ['nothing', () => undefined]
    log.push(name)
    await happen()
  }
  manual.journal.full = false
  manual.clock.advance(1_000)
  life.session().sink({ type: 'session-closed' })
  manual.supervisor.flush()
  const answers = manual.driver.sessions.flatMap(answersIn)
  return {
    answers: answers.map(
      ({ requestId, decision }) => `${requestId} ${decision === 'allow' ? 'allowed' : 'denied'}`,
    ),
    records: manual.journal.records,
    log,
  }
}

type Happening = readonly [name: string, happen: () => unknown]

function happeningsIn(life: Life): Happening[] {
  const { dice, manual, session, user } = life
  const { clock, journal, supervisor } = manual
  const leaves: (() => void)[] = []
  let asked = 0
  const ask: Happening = ['ask', () => askIn(session(), `p${(asked += 1)}`)]
  const attend: Happening = ['call', () => leaves.push(supervisor.addPromptHandler('me', user))]
  return [
    ...[ask, ask, ask, attend, attend],
    ['call over', () => leaves.shift()?.()],
    ['user', () => user.dialogs.at(-1 - dice(2))?.say(said(dice))],
    ['model', () => answer(life, 'tool')],
    ['terminal', () => answer(life, 'terminal')],
    ['time', () => clock.advance(dice(2) === 0 ? 100_000 : 300_000)],
    ['withdrawn', () => session().sink({ type: 'approval-withdrawn', requestId: `p${dice(asked + 1)}` })],
    ['turn over', () => dice(3) === 0 && session().finish()],
    ['crash', () => dice(8) === 0 && session().sink({ type: 'session-closed' })],
    ['message', () => speak(life)],
    ['disk', () => (journal.full = dice(3) === 0)],
  ]
}

function said(dice: Dice): { decision: 'allow' | 'deny' } | undefined {
  return dice(3) === 0 ? undefined : { decision: dice(2) === 0 ? 'allow' : 'deny' }
}

function answer({ dice, manual, id }: Life, by: 'tool' | 'terminal'): void {
  const pending = listPendingApprovals(findAgentByIdOrName(manual.supervisor, id))
  const { requestId } = pending[dice(pending.length + 1)] ?? {}
  const decision = dice(2) === 0 ? 'allow' : 'deny'
  unlessRefused(() => {
    answerPermission(manual.supervisor, {
      ...{ agentId: id, decision, by, who: by, caller: 'me' },
      ...(requestId !== undefined && { requestId }),
    })
  })
}

/** Sends the agent a message, and opens its session again if that has closed. */
async function speak({ manual, id }: Life): Promise<void> {
  const before = manual.driver.sessions.length
  unlessRefused(() => {
    sendMessage(manual.supervisor, { agentId: id, text: 'go on', steer: false, caller: 'me' })
  })
  if (manual.driver.sessions.length > before) await manual.opened()
}

function unlessRefused(order: () => void): void {
  try {
    order()
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
  }
}
