import { Client } from 'oldest-mcp-sdk/client/index.js'
import { StdioClientTransport } from 'oldest-mcp-sdk/client/stdio.js'
import { thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { pinnedClaude, serverScript } from './mcp-host.js'
import { serverEnvironment, useServerStage } from './server-stage.js'

const stage = useServerStage({}, 'daemon', 'fake')

const launch = { prompt: 'Say hello. [[say: Hello, field.]]', task_category: 'mechanical', ...pinnedClaude }

test(
  '[oldest-client] the first release of the SDK launches an agent and gets its answer',
  thorough,
  async () => {
    const { home } = stage()
    const client = new Client({ name: 'oldest', version: '1' }, { capabilities: {} })
    const args = [serverScript, 'serve']
    const env = serverEnvironment(home)
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env }))
    try {
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toContain('launch_agent')
      const given = { ...launch, cwd: home.cwd }
      expect(JSON.stringify(await client.callTool({ name: 'launch_agent', arguments: given }))).toContain(
        'agent',
      )
      expect(JSON.stringify(await client.callTool({ name: 'wait', arguments: {} }))).toContain(
        'Hello, field.',
      )
    } finally {
      await client.close()
    }
  },
)
