import { answerPermission, type ToolCallJudge } from '@subagent-mcp/core'
import { createManualDriver, makeTemporaryFolder, type ManualSession } from '@subagent-mcp/testkit'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createRuntime } from '../create-runtime.js'

const byTool: ToolCallJudge = ({ tool }) =>
  tool === 'Write'
    ? { verdict: 'allow', by: 'preset accept-edits' }
    : { verdict: 'ask', by: 'preset ask', humanOnly: false }

function openStage() {
  const cwd = makeTemporaryFolder()
  const driver = createManualDriver()
  const runtime = createRuntime({ drivers: [driver], judge: byTool })
  onTestFinished(async () => {
    await runtime.close()
  })
  const { port, caller } = runtime.connect({ cwd, environment: {} })
  const launched = async (name: string) => {
    const { agent } = await port.agents.launch({
      prompt: `be ${name}`,
      provider: 'claude',
      model: 'opus',
      name,
    })
    const session = driver.sessions.at(-1)
    if (!session) throw new Error('no session was opened')
    await session.open()
    await expect.poll(() => session.sent.length).toBe(1)
    const [turn] = session.sent
    return { id: agent.profile.id, session, turnId: turn?.type === 'prompt' ? turn.turnId : '' }
  }
  return { runtime, caller, cwd, launched }
}

let calls = 0
function call(
  { sink }: ManualSession,
  tool: string,
  input: object,
  how: { asks?: string; failed?: true } = {},
) {
  const callId = `c${(calls += 1)}`
  sink({ type: 'tool-started', callId, tool, input })
  if (how.asks !== undefined) sink({ type: 'approval-requested', requestId: how.asks, tool, input })
  return () => {
    sink({ type: 'tool-ended', callId, failed: how.failed ?? false, output: '' })
  }
}

test('files, commands with who allowed them, pushes, what is not seen and cost, each with its fact', async () => {
  const { runtime, caller, cwd, launched } = openStage()
  const { id, session, turnId } = await launched('fixer')
  const answer = (requestId: string, decision: 'allow' | 'deny') => {
    answerPermission(runtime.supervisor, {
      ...{ agentId: id, requestId, decision, by: 'terminal', who: 'a terminal', caller },
    })
  }
  call(session, 'Write', { file_path: join(cwd, 'src/a.ts'), content: 'x' }, { asks: 'r1' })()
  call(session, 'Bash', { command: 'ls' })()
  const push = call(session, 'Bash', { command: 'git push origin main' }, { asks: 'r2' })
  answer('r2', 'allow')
  push()
  call(session, 'Bash', { command: 'npm test' }, { asks: 'r3' })
  answer('r3', 'deny')
  session.sink({ type: 'usage-reported', turnId, usage: { inputTokens: 5, outputTokens: 2, costUsd: 0.5 } })
  session.finish()
  const { agents, needs } = await runtime.recap({})
  expect(agents).toMatchObject([
    {
      ...{ id, name: 'fixer', provider: 'claude', model: 'opus', turns: 1, turnsWithoutCost: 0 },
      usage: { inputTokens: 5, outputTokens: 2, costUsd: 0.5 },
      launched: { prompt: 'be fixer' },
      files: [{ path: join('src', 'a.ts') }],
      commands: [
        { command: 'Bash: ls', by: 'cli', outcome: 'ran' },
        { command: 'Bash: git push origin main', by: 'person', why: 'a terminal', outcome: 'ran' },
        { command: 'Bash: npm test', by: 'person', outcome: 'denied' },
      ],
      network: [{ type: 'push', call: 'Bash: git push origin main' }],
      notSeen: [{ count: 1 }],
    },
  ])
  expect(needs).toEqual([])
  const facts = new Map(runtime.history.read({ limit: 1_000 }).facts.map(({ seq, fact }) => [seq, fact]))
  const [agent] = agents
  const lines = [
    ...(agent?.files ?? []),
    ...(agent?.commands ?? []),
    ...(agent?.network ?? []),
    ...(agent?.notSeen ?? []),
  ]
  expect(lines).toHaveLength(6)
  for (const { seq, at } of lines) expect(facts.get(seq)).toMatchObject({ agentId: id, at })
})

test('what began earlier is left out, and what waits for the user is there whenever it began', async () => {
  const { runtime, launched } = openStage()
  const asking = await launched('asking')
  call(asking.session, 'Bash', { command: 'rm -rf /' }, { asks: 'r' })
  const failing = await launched('failing')
  failing.session.sink({
    ...{ type: 'turn-ended', turnId: failing.turnId },
    outcome: { type: 'failed', failure: { reason: 'crashed', message: 'it is gone' } },
  })
  const soon = Date.now() + 60_000
  const { agents, needs } = await runtime.recap({ since: soon })
  expect(agents).toEqual([])
  expect(needs).toEqual([
    {
      ...{ agentId: asking.id, name: 'asking', type: 'permission', text: 'Bash: rm -rf /' },
      next: `permissions allow ${asking.id}`,
    },
    {
      ...{
        agentId: failing.id,
        name: 'failing',
        type: 'failure',
        text: 'it is gone',
        next: `logs ${failing.id}`,
      },
    },
  ])
  const all = await runtime.recap({ since: 0 })
  expect(all.agents.map(({ name, failures, commands }) => [name, failures.length, commands.length])).toEqual([
    ['failing', 1, 0],
    ['asking', 0, 1],
  ])
})
