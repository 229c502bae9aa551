import { checkForLeaks, installFakeClaude, startTraceReceiver } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

checkForLeaks()

test('the example that embeds the runtime', async () => {
  const claude = installFakeClaude('well')
  const variables = { SUBAGENT_MCP_CLAUDE_PATH: claude.executable, ANTHROPIC_API_KEY: 'dummy' }
  try {
    expect(await run('embed-runtime', ['[[say: done]]', 'fake-model'], variables)).toBe('done')
  } finally {
    claude.remove()
  }
})

test('the example that sends traces', async () => {
  const claude = installFakeClaude('well')
  const receiver = await startTraceReceiver()
  const variables = { SUBAGENT_MCP_CLAUDE_PATH: claude.executable, ANTHROPIC_API_KEY: 'dummy' }
  try {
    const args = ['[[say: done]]', `${receiver.url}/v1/traces`, 'fake-model']
    expect(await run('trace-agents', args, variables)).toBe('done')
    expect(receiver.spans().map(({ name }) => name)).toContain('chat fake-model')
  } finally {
    await receiver.close()
    claude.remove()
  }
})

test('the example of a driver', async () => {
  expect(await run('custom-driver', ['b\na', 'sort'])).toBe('a\nb\n')
  expect(await run('custom-driver', ['x', 'false'])).toBe('false ended with 1')
})

test('the example of a mailbox alone', async () => {
  expect(await run('mailbox-only')).toBe('docs asks: Does it build?\n2 messages: Does it build? It does.')
})

async function run(name: string, args: readonly string[] = [], variables = {}): Promise<string> {
  const main = fileURLToPath(new URL(`../../examples/${name}/dist/main.js`, import.meta.url))
  const { stdout } = await execa(process.execPath, [main, ...args], {
    ...{ extendEnv: false, env: { PATH: process.env['PATH'] ?? '', ...variables } },
  })
  return stdout
}
