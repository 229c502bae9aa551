import {
  getFactAgentId,
  answerPermission,
  connectCaller,
  createSupervisor,
  launchSupervisedAgent,
  releaseAgent,
  sendMessage,
  stopAgent,
  type FactJournal,
  type Supervisor,
} from '@subagent-mcp/core'
import { openJournal } from '@subagent-mcp/journal'
import { createManualDriver, type ManualDriver, type ManualSession } from '@subagent-mcp/testkit'
import { writeSync } from 'node:fs'

// Runs two agents over a real journal and kills itself at one of its writes, before or after it: `node crash-life.js
// <path> <write> <before|after>`. Prints what the caller was answered so far.
const [path = '', write = '0', when = 'before'] = process.argv.slice(2)

const driver = createManualDriver()
const supervisor = createSupervisor({
  drivers: [driver],
  limits: { maxTurns: 1 },
  journal: killedAt(Number(write)),
  judge: () => ({ verdict: 'ask', by: 'nobody', humanOnly: false }),
  ids: { agent: counter('a'), message: counter('m') },
})

await runAgents(supervisor, driver)

/** Returns a journal that kills this process before or after its nth write; never for 0. */
function killedAt(last: number): FactJournal {
  const owner = {
    kind: 'daemon',
    pid: process.pid,
    startTime: '-',
    place: '-',
    nonce: 'n',
    version: '1',
  } as const
  const journal = openJournal({ path, owner, isAlive: () => false, onForeign: () => undefined, now: () => 0 })
  let writes = 0
  const killNow = (moment: string): void => {
    if (writes === last && moment === when) process.kill(process.pid, 'SIGKILL')
  }
  return {
    append: (facts) => {
      writes += 1
      killNow('before')
      const seq = journal.append(
        facts.map((body) => ({ at: body.at, type: body.type, agentId: getFactAgentId(body), body })),
      )
      killNow('after')
      return seq
    },
    forget: journal.forget,
    factsOf: () => [],
    onProblem: (error) => {
      throw error
    },
  }
}

function counter(letter: string): () => string {
  let count = 0
  return () => `${letter}${(count += 1)}`
}

/**
 * Prints an answer of the supervisor synchronously, so that the test knows it even when the next write kills this
 * process.
 */
function answered(what: string): void {
  writeSync(1, `${what}\n`)
}

async function runAgents(supervisor: Supervisor, { sessions }: ManualDriver): Promise<void> {
  const newest = async (): Promise<ManualSession> => {
    const session = sessions.at(-1)
    if (!session) throw new Error('no session')
    await session.open()
    return session
  }
  connectCaller(supervisor, { caller: 'me', project: '/p' })
  const options = { prompt: 'x', category: 'coding', provider: 'claude', model: 'opus', cwd: '/p' } as const
  const one = launchSupervisedAgent(supervisor, 'me', options).agent.profile.id
  answered(`launched ${one}`)
  const two = launchSupervisedAgent(supervisor, 'me', options).agent.profile.id
  answered(`launched ${two}`)
  const session = await newest()
  session.sink({ type: 'session-identified', sessionId: 's1' })
  session.sink({ type: 'thinking-advanced' })
  session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
  answerPermission(supervisor, { agentId: one, decision: 'allow', by: 'http', who: 'me' })
  answered('permission allowed')
  session.sink({ type: 'text-delta', text: 'half ' })
  session.sink({ type: 'tool-started', callId: 'c', tool: 'Bash', input: {} })
  session.sink({ type: 'message-ended', text: 'half a word' })
  session.finish('the answer')
  answered(`finished ${one}`)
  const second = await newest()
  await releaseAgent(supervisor, one)
  answered(`released ${one}`)
  second.sink({ type: 'turn-ended', turnId: 'wrong', outcome: { type: 'interrupted' } })
  await stopAgent(supervisor, 'me', two)
  answered(`stopped ${two}`)
  sendMessage(supervisor, { agentId: one, text: 'again', steer: false, caller: 'me' })
  answered(`resumed ${one}`)
  const third = await newest()
  third.finish('again')
  answered(`finished again ${one}`)
}
