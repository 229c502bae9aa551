import { expect, test } from 'vitest'
import { disconnectCaller } from './caller-connection.js'
import { sendMessage } from './send-message.js'
import {
  agentOf,
  answer,
  idsOf,
  parked,
  restarted,
  type Started,
} from '../questions/parked-questions.test.support.js'
import { askIn } from '../questions/questions.test.support.js'

test('a denial is accepted from every caller, even if no message about it can be sent', async () => {
  const manual = await parked()
  disconnectCaller(manual.supervisor, 'person')
  answer(manual, { decision: 'deny' })
  expect(idsOf(manual)).toEqual([])
  expect(agentOf(manual).inbox).toEqual([])
  expect(agentOf(manual).answered.at(-1)).toMatchObject({ decision: 'deny', by: 'terminal' })
})

test.each([
  ['its session fails', failed],
  ['its supervisor dies', restarted],
])('a yes that waits to be told is lost as %s, and is worth nothing in a new session', async (_name, end) => {
  const manual = await parked()
  goOn(manual)
  answer(manual)
  expect(agentOf(manual).granted).toHaveLength(1)
  const next = end(manual)
  goOn(next)
  const session = await next.opened()
  expect(agentOf(next).granted).toEqual([])
  askIn(session, 'q1', 'make')
  expect(idsOf(next)).toEqual(['q1'])
})

test('a permission whose notice still waits is lost when the agent is stopped', async () => {
  const manual = await parked()
  goOn(manual)
  answer(manual)
  manual.supervisor.dispatch({ type: 'stop-requested', at: manual.clock.now(), agentId: manual.id, by: 'me' })
  expect(agentOf(manual)).toMatchObject({ phase: { status: 'ended' }, granted: [] })
})

function goOn({ supervisor, id }: Started): void {
  sendMessage(supervisor, { agentId: id, text: 'go on', steer: false, caller: 'person' })
}

/** Ends the running turn as failed, and closes its session. */
function failed(manual: Started): Started {
  const { sink, sent } = manual.session
  const prompt = sent.findLast((command) => command.type === 'prompt')
  const failure = { reason: 'crashed', message: 'it died' } as const
  sink({
    type: 'turn-ended',
    turnId: prompt?.turnId ?? '',
    outcome: { type: 'failed', failure },
    sessionEnds: true,
  })
  sink({ type: 'session-closed', failure })
  return manual
}
