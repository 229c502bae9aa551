import {
  agentIdOf,
  answerPermission,
  connectCaller,
  createSupervisor,
  launch,
  releaseAgent,
  sendMessage,
  stopAgent,
  type FactJournal,
  type Supervisor,
} from '@subagent-mcp/core'
import { openJournal } from '@subagent-mcp/journal'
import { createHandDriver, type HandDriver, type HandSession } from '@subagent-mcp/testkit'
import { writeSync } from 'node:fs'

// A life of two agents over a real journal, killed at one of its writes: `node crash-life.js <path> <write> <when>`.
const [path = '', write = '0', when = 'before'] = process.argv.slice(2)

const driver = createHandDriver()
const supervisor = createSupervisor({
  drivers: [driver],
  limits: { maxTurns: 1 },
  journal: killedAt(Number(write)),
  judge: () => ({ verdict: 'ask', by: 'nobody', humanOnly: false }),
  ids: { agent: counter('a'), message: counter('m') },
})

await live(supervisor, driver)

/** Ends this process before or after its nth write; 0 never. */
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
        facts.map((body) => ({ at: body.at, type: body.type, agentId: agentIdOf(body), body })),
      )
      killNow('after')
      return seq
    },
    forget: journal.forget,
    onProblem: (error) => {
      throw error
    },
  }
}

function counter(letter: string): () => string {
  let count = 0
  return () => `${letter}${(count += 1)}`
}

/** Each thing that a caller was answered is told to the test before anything else happens. */
function answered(what: string): void {
  writeSync(1, `${what}\n`)
}

async function live(house: Supervisor, { sessions }: HandDriver): Promise<void> {
  const newest = async (): Promise<HandSession> => {
    const session = sessions.at(-1)
    if (!session) throw new Error('no session')
    await session.open()
    return session
  }
  connectCaller(house, { caller: 'me', project: '/p' })
  const order = { prompt: 'x', category: 'coding', provider: 'claude', model: 'opus', cwd: '/p' } as const
  const one = launch(house, 'me', order).agent.profile.id
  answered(`launched ${one}`)
  const two = launch(house, 'me', order).agent.profile.id
  answered(`launched ${two}`)
  const session = await newest()
  session.sink({ type: 'session-identified', sessionId: 's1' })
  session.sink({ type: 'thinking-advanced' })
  session.sink({ type: 'approval-requested', requestId: 'p', tool: 'Bash', input: {} })
  answerPermission(house, { agentId: one, decision: 'allow', by: 'http', who: 'me' })
  answered('permission allowed')
  session.sink({ type: 'text-delta', text: 'half ' })
  session.sink({ type: 'tool-started', callId: 'c', tool: 'Bash', input: {} })
  session.sink({ type: 'message-ended', text: 'half a word' })
  session.finish('the answer')
  answered(`finished ${one}`)
  const second = await newest()
  await releaseAgent(house, one)
  answered(`released ${one}`)
  second.sink({ type: 'turn-ended', turnId: 'wrong', outcome: { type: 'interrupted' } })
  await stopAgent(house, 'me', two)
  answered(`stopped ${two}`)
  sendMessage(house, { agentId: one, text: 'again', steer: false, caller: 'me' })
  answered(`resumed ${one}`)
  const third = await newest()
  third.finish('again')
  answered(`finished again ${one}`)
}
