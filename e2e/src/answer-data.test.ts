import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { defineAgent, thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { changeProject } from './changed-project.js'
import { pinnedClaude, serverScript } from './mcp-host.js'
import { serverEnvironment, useServerStage } from './server-stage.js'

const stage = useServerStage({}, 'configured', 'fake')

const Answer = z.looseObject({
  isError: z.boolean().optional(),
  content: z.array(z.looseObject({ text: z.string() })),
  structuredContent: z.record(z.string(), z.unknown()),
})
type Params = { name: string; arguments: Record<string, unknown> }

/** A client that has listed the tools, and therefore refuses an answer without data of the listed schema. */
type Checking = { listed: { tools: { name: string }[] }; call(params: Params): Promise<unknown> }

test(
  '[answer-data] a client of SDK 1, of a 2025 protocol, gets data of the listed schema from every tool',
  thorough,
  async () => {
    const { client } = (await stage().configure({ tools: 'all' })).host
    await useEachTool({ listed: await client.listTools(), call: (params) => client.callTool(params) })
  },
)

test(
  '[answer-data] a client of SDK 2, of the 2026 protocol, gets data of the listed schema from every tool',
  thorough,
  async () => {
    const { home } = await stage().configure({ tools: 'all' })
    const client = new Client(
      { name: 'modern', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
    const server = { command: process.execPath, args: [serverScript, 'serve'], cwd: home.cwd }
    const env = serverEnvironment(home)
    await client.connect(new StdioClientTransport({ ...server, env, stderr: 'ignore' }))
    try {
      await useEachTool({ listed: await client.listTools(), call: (params) => client.callTool(params) })
    } finally {
      await client.close()
    }
  },
)

async function useEachTool({ listed, call }: Checking): Promise<void> {
  defineAgent(stage().home.cwd, { name: 'tester', provider: 'claude' })
  const called = new Set<string>()
  const use = async (name: string, input: Record<string, unknown> = {}): Promise<unknown> => {
    called.add(name)
    const { isError, content, structuredContent } = Answer.parse(await call({ name, arguments: input }))
    expect([name, isError, content.length]).toEqual([name, undefined, 1])
    return structuredContent
  }
  const prompt = '[[tool: Bash {"command":"touch made","description":"make a file"}]] [[say: it is made]]'
  const launch = { ...pinnedClaude, prompt, task_category: 'mechanical', name: 'maker' }
  const maker = { name: 'maker', provider: 'claude' }
  expect(await use('launch_agent', launch)).toMatchObject({ agent: maker, repeated: false })
  const asking = { ...maker, status: 'permission_requested', permissions: [{ tool: 'Bash' }] }
  expect(await use('wait')).toMatchObject({ agents: [asking] })
  expect(await use('poll_agent', { agent_id: 'maker' })).toMatchObject({ agent: asking, turn: 1 })
  await use('respond_permission', { agent_id: 'maker', decision: 'allow' })
  const report = { turn: 1, status: 'finished', answer: 'it is made' }
  expect(await use('wait')).toMatchObject({ reports: [report], agents: [{ ...maker, status: 'finished' }] })
  const more = { agent_id: 'maker', message: '[[say: more]]' }
  expect(await use('send_message', more)).toMatchObject({ outcome: 'started' })
  expect(await use('list_agents')).toMatchObject({ agents: [maker] })
  expect(await use('kill_agent', { agent_id: 'maker' })).toMatchObject({ agent: { status: 'stopped' } })
  changeProject(stage().home.cwd)
  await use('launch_agent', { ...pinnedClaude, prompt: '[[say: hi]]', name: 'copier', isolation: 'worktree' })
  await use('wait')
  expect(await use('changes', { agent_id: 'copier' })).toMatchObject({ files: [] })
  const tester: unknown = expect.objectContaining({ name: 'tester', provider: 'claude' })
  const agents: unknown = expect.arrayContaining([tester])
  expect(await use('list')).toMatchObject({ agents })
  expect(await use('warmup', { agent: 'tester' })).toMatchObject({ process: { status: 'warm' } })
  const task = { agent: 'tester', task: '[[say: no fault]]' }
  expect(await use('invoke', task)).toMatchObject({ reports: [{ answer: 'no fault' }] })
  expect(await use('reset', { agent: 'tester' })).toEqual({ ended: 1 })
  expect(await use('orchestration-mode')).toMatchObject({ on: false })
  expect(await use('chat', { action: 'inbox' })).toEqual({ messages: [], total: 0 })
  expect(await use('sync')).toEqual({ messages: [] })
  expect([...called].toSorted()).toEqual(listed.tools.map(({ name }) => name).toSorted())
}
