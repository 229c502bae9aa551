import { expect, test } from 'vitest'
import { postRequest, sendRequest } from './ask.test.support.js'
import { launchBody, startManualDaemon, hasSecret } from './manual-daemon.test.support.js'

const chat = 'mcp__subagent-mcp__chat'
const setup = {
  appendSystemPrompt: 'You are a worker.',
  tools: { only: [], without: ['Bash'] },
  maxTurns: 9,
  mcpServers: { 'subagent-mcp': { command: 'ring', env: { A: 'b' }, alwaysLoad: true } },
}
const worker = { ...launchBody, setup, allowedTools: [chat], keepOpen: true as const }

test('a launch takes session setup, allowed tools and keepOpen', async () => {
  const daemon = await startManualDaemon()
  const { agent } = await daemon.client.launch({ ...worker, permissions: 'read-only' })
  const spec = daemon.driver.sessions[0]?.spec
  expect(spec).toMatchObject({ ...setup, mcp: 'none', permissions: 'read-only', asksAll: true })
  expect(spec?.ceiling).toContain(`"host",["${chat}"]`)
  expect(daemon.supervisor.state().agents.get(agent.id)?.profile.keepOpen).toBe(true)
})

test("a launch of a definition takes them too, in addition to the definition's own", async () => {
  const daemon = await startManualDaemon()
  const { category: _, provider: _provider, model: _model, ...rest } = worker
  await daemon.client.launch({ ...rest, agent: 'reviewer' })
  const appendSystemPrompt = 'Review.\n\nYou are a worker.'
  expect(daemon.driver.sessions[0]?.spec).toMatchObject({ ...setup, appendSystemPrompt, asksAll: true })
})

test.each<[what: string, body: object, code: string, says: string]>([
  [
    'a rule that is none',
    { allowedTools: [chat, 'rm -rf'] },
    'invalid-parameter',
    "allowedTools: 'rm -rf' is",
  ],
  ['an unknown key', { setup: { sytem: 'x' } }, 'unknown-parameter', 'the body has no parameter setup.sytem'],
  ['a number of turns that is none', { setup: { maxTurns: 0 } }, 'invalid-parameter', 'setup.maxTurns: '],
  ['an end with nobody', { onHostExit: 'kill' }, 'invalid-parameter', 'an HTTP client is no host'],
])('a launch with %s is refused, and no agent starts', async (_, more, code, says) => {
  const daemon = await startManualDaemon()
  const answer = await sendRequest(daemon, postRequest('/v1/agents', { ...worker, ...more }))
  expect(answer.text).toContain(code)
  expect(answer.text).toContain(says)
  expect(hasSecret(answer.text)).toBe(false)
  expect(daemon.supervisor.state().agents.size).toBe(0)
})

test('a client that waited for a turn reads only what that turn said', async () => {
  const daemon = await startManualDaemon()
  const { client } = daemon
  const { id, session } = await daemon.launched()
  const over = (): Promise<unknown> =>
    client.wait({ agentIds: [id], until: 'all', timeoutSeconds: 600 }, new AbortController().signal)
  session.sink({ type: 'session-identified', sessionId: 's' })
  session.finish('first')
  await over()
  expect(await client.agent(id)).toMatchObject({ said: 'first', agent: { status: 'finished', turnCount: 1 } })

  const { cwd, environment } = launchBody
  await client.send(id, { text: 'on', cwd, environment })
  const turnId = session.sent.flatMap((sent) => (sent.type === 'prompt' ? [sent.turnId] : [])).at(-1) ?? ''
  session.sink({ type: 'message-ended', text: 'half of it' })
  session.sink({ type: 'usage-reported', turnId, usage: { inputTokens: 5, outputTokens: 2, costUsd: 0.5 } })
  const failure = { reason: 'rate-limited', message: 'enough' } as const
  session.sink({ type: 'turn-ended', turnId, outcome: { type: 'failed', failure } })
  await over()
  const { agent, said } = await client.agent(id)
  expect(said).toBe('half of it')
  expect(agent).toMatchObject({ status: 'errored', failure, takesMessages: true, turnCount: 2 })
  expect(agent.turns.at(-1)).toMatchObject({
    status: 'errored',
    usage: { inputTokens: 5, outputTokens: 2, costUsd: 0.5 },
  })
})
