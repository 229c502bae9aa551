import { thorough } from '@subagent-mcp/testkit'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serverScript } from './mcp-host.js'
import { useServerStage } from './server-stage.js'

const stage = useServerStage({}, 'configured')
const notice = 'Automatic notice: 1 sub-agent has finished: call `wait` of subagent-mcp'
const ours = (name: string, input: object = {}) =>
  ({ type: 'tool', tool: `mcp__ours__${name}`, input }) as const

test(
  '[told-by-driver] a Claude agent that ended its turn gets another one when its sub-agent has finished, and its host the report',
  thorough,
  async () => {
    await stage().configure({ limits: { maxDepth: 2 }, permissions: { allow: ['mcp__ours'] } })
    const { home, model, host, launch } = stage()
    const server = {
      type: 'stdio',
      command: process.execPath,
      args: [serverScript, 'serve'],
      alwaysLoad: true,
    }
    writeFileSync(join(home.home, '.claude.json'), JSON.stringify({ mcpServers: { ours: server } }))
    const inner = {
      ...{ task_category: 'mechanical', provider: 'claude', model: 'sonnet', permissions: 'ask' },
      prompt: '[[gate: work]] [[say: pong from below]]',
    }
    model.script([
      {
        match: 'DELEGATE IT',
        steps: [ours('launch_agent', inner), { type: 'say', text: 'it runs without me' }],
      },
      { match: notice, steps: [ours('wait'), { type: 'say', text: 'all results are read' }] },
    ])
    const id = await launch('DELEGATE IT', { mcp: 'inherit' })
    expect((await host.call('wait', { agent_ids: [id] })).text).toContain('it runs without me')
    model.release('work')
    // A wait for an agent at rest returns immediately.
    await expect
      .poll(async () => (await host.call('wait', { agent_ids: [id] })).text)
      .toMatch(/turn 2 finished[^]*all results are read/)
    const bodies = model.requests.map(({ bodyText }) => bodyText).filter((body) => body.includes(notice))
    expect(bodies.at(-1)).toMatch(/turn 1 finished[^]*pong from below/)
  },
)
