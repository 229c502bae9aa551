import { SubagentError } from '@subagent-mcp/contract'
import { pruneAgents, stopAgent } from '@subagent-mcp/core'
import { openMemoryMailbox } from '@subagent-mcp/mailbox'
import { createManualDriver } from '@subagent-mcp/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { createRuntime } from '../create-runtime.js'
import { createInMemoryState } from '../state/runtime-state.js'

function openStage() {
  const driver = createManualDriver()
  const mailbox = openMemoryMailbox()
  const runtime = createRuntime({ drivers: [driver], mailbox })
  onTestFinished(runtime.close)
  const { port, caller } = runtime.connect({ cwd: '/', environment: {} })
  const launched = async (prompt: string) => {
    const { agent } = await port.agents.launch({ prompt, provider: 'claude', name: 'fixer' })
    const session = driver.sessions.at(-1)
    if (!session) throw new Error('no session was opened')
    await session.open()
    await expect.poll(() => session.sent.length).toBe(1)
    return { id: agent.profile.id, session }
  }
  const found = async (text: string) => {
    const { passages } = await runtime.search({ text })
    return passages.map(({ kind, excerpt }) => `${kind}: ${excerpt}`)
  }
  return { runtime, mailbox, caller, launched, found }
}

test('prompts, answers, calls, outputs and failures are found, with secrets masked', async () => {
  const { runtime, launched, found } = openStage()
  const { id, session } = await launched('mend the flaky login')
  session.sink({ type: 'tool-started', callId: '1', tool: 'Bash', input: { command: 'npm test\nlogin' } })
  session.sink({ type: 'tool-ended', callId: '1', failed: true, output: 'login failed' })
  session.sink({ type: 'message-ended', text: `the login uses ghp_${'a1B2'.repeat(9)}` })
  expect(await found('login')).toEqual([
    'answer: the login uses [masked: GitHub token]',
    'output: login failed',
    'call: Bash\nnpm test\nlogin',
    'prompt: mend the flaky login',
  ])
  expect(await found('a1B2')).toEqual([])
  const { passages, more } = await runtime.search({ text: 'login', agent: id, limit: 1 })
  expect([passages.length, more]).toEqual([1, true])
  expect(passages[0]).toMatchObject({ source: id, name: 'fixer', project: '/' })
  session.sink({ type: 'message-ended', text: 'the login is mended' })
  expect(await found('mended')).toEqual(['answer: the login is mended'])
})

test('messages are found, and deleted agents are not', async () => {
  const { runtime, mailbox, caller, launched, found } = openStage()
  const { id, session } = await launched('one unusual word')
  session.finish()
  await mailbox.register({
    ...{ name: 'worker', project: '/', capabilities: [], topics: [], wakes: 'high' },
    handler: { instance: 'i', kind: 'worker', pid: process.pid, startTime: '-', host: 'box' },
  })
  const from = { name: 'me', host: 'box', through: 'terminal' } as const
  await mailbox.send({ from, to: 'worker', body: 'an unusual letter' })
  expect(await found('unusual')).toEqual(['mail: an unusual letter', 'prompt: one unusual word'])
  await stopAgent(runtime.supervisor, caller, id)
  pruneAgents(runtime.supervisor, {})
  expect(await found('unusual')).toEqual(['mail: an unusual letter'])
})

test('a mailbox that cannot be reached is told, and agents are searched', async () => {
  const { mailbox, runtime, launched } = openStage()
  await launched('word')
  mailbox.sent = () => Promise.reject(new SubagentError('mailbox-unreachable', 'no server answers'))
  const { passages, mailProblem } = await runtime.search({ text: 'word' })
  expect([passages.length, mailProblem]).toEqual([1, 'no server answers'])
})

test('a long text is found at its end', async () => {
  const { launched, found } = openStage()
  const { session } = await launched('write')
  session.sink({ type: 'message-ended', text: `${'many words '.repeat(20_000)}and the last` })
  expect(await found('"and the last"')).toHaveLength(1)
})

test.each(['', ' ', '*', '-- "" ..'])('%j has no word to search for', async (text) => {
  const { runtime } = openStage()
  await expect(runtime.search({ text })).rejects.toMatchObject({ code: 'invalid-parameter' })
})

test('an index that was read further than the journal reaches is of another journal, and is read again', async () => {
  const { runtime, launched, found } = openStage()
  await launched('word')
  expect(await found('word')).toHaveLength(1)
  const index = createInMemoryState().searchIndex()
  index.readUpTo('facts', '')
  index.add({
    ...{ source: 'facts', after: 0, upTo: 999, agents: [] },
    passages: [{ at: 1, kind: 'answer', seq: 1, source: 'gone', text: 'word of another time' }],
  })
  const state = { ...createInMemoryState(), history: runtime.history, searchIndex: () => index }
  const other = createRuntime({ drivers: [], state })
  onTestFinished(other.close)
  const { passages } = await other.search({ text: 'word' })
  expect(passages.map(({ kind }) => kind)).toEqual(['prompt'])
})
