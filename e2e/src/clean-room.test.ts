import { thorough } from '@subagent-mcp/testkit'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useServerStage } from './server-stage.js'
import { serverScript } from './mcp-host.js'
import { processesOf } from './processes.js'

const stage = useServerStage({
  CLAUDECODE: '1',
  CLAUDE_CODE_SESSION_ID: 'the-hosts',
  CLAUDE_CODE_ENTRYPOINT: 'cli',
  CLAUDE_CODE_OAUTH_TOKEN: 'stays',
})

/** Writes the settings of a Claude Code user: a hook that leaves a file behind, and two MCP servers. */
function makeUser(): { trace: string } {
  const { home } = stage()
  const trace = join(home.home, 'hook-ran')
  const hook = { hooks: [{ type: 'command', command: `touch ${trace}` }] }
  mkdirSync(join(home.home, '.claude'), { recursive: true })
  writeFileSync(
    join(home.home, '.claude/settings.json'),
    JSON.stringify({ hooks: { SessionStart: [hook], UserPromptSubmit: [hook], Stop: [hook] } }),
  )
  const server = { type: 'stdio', command: process.execPath, args: [serverScript, 'serve'], alwaysLoad: true }
  writeFileSync(
    join(home.home, '.claude.json'),
    JSON.stringify({ mcpServers: { first: server, second: server } }),
  )
  return { trace }
}

/** Launches an agent and returns the body of its model request, which has the tools that it may use. */
async function listOfferedTools(mcp?: unknown): Promise<string> {
  const { launch, host, model } = stage()
  await launch('[[say: done]]', mcp === undefined ? {} : { mcp })
  await host.call('wait')
  return model.requests.findLast(({ userText }) => userText?.includes('[[say: done]]'))?.bodyText ?? ''
}

test.runIf(process.platform === 'linux')(
  '[clean-room] the child process gets no variables of an outer session, no hook and no MCP server',
  async () => {
    const { launch, host, home, model } = stage()
    const { trace } = makeUser()
    await launch('[[gate: look]] [[say: done]]')
    await model.waitForRequest(({ userText }) => userText?.includes('[[say: done]]') ?? false)
    const [claude] = processesOf(home.home, 'claude')
    const variables = readFileSync(`/proc/${claude?.pid}/environ`, 'utf8').split('\0')
    expect(
      variables.filter((name) => /^(CLAUDECODE|CLAUDE_CODE_SESSION_ID|CLAUDE_CODE_ENTRYPOINT)=/.test(name)),
    ).toEqual([])
    expect(variables).toContain('CLAUDE_CODE_OAUTH_TOKEN=stays')
    expect(variables).toContain('CLAUDE_CODE_DISABLE_BACKGROUND_TASKS=1')
    model.release('look')
    await host.call('wait')
    expect(existsSync(trace)).toBe(false)
    expect(model.requests.some(({ bodyText }) => bodyText.includes('mcp__'))).toBe(false)
  },
)

test('[mcp-choice] a child inherits all MCP servers of the user on request', thorough, async () => {
  makeUser()
  const tools = await listOfferedTools('inherit')
  expect(tools).toContain('mcp__first__list_agents')
  expect(tools).toContain('mcp__second__list_agents')
})

test('[mcp-choice] a child gets only the named MCP servers, and the error for an unknown name lists the known ones', async () => {
  makeUser()
  const { launch, host } = stage()
  const tools = await listOfferedTools(['second'])
  expect(tools).toContain('mcp__second__list_agents')
  expect(tools).not.toContain('mcp__first__')
  await launch('[[say: no]]', { mcp: ['third'] })
  const { text, agents } = await host.call('wait')
  expect(agents[0]).toMatchObject({ status: 'errored', failure: { reason: 'bad-request' } })
  expect(text).toMatch(/third[\s\S]*first, second/)
})

test('[no-secrets-on-argv] no process has the prompt on its command line', async () => {
  const { launch, home, model } = stage()
  await launch('The password is xyzzy. [[gate: look]]')
  await model.waitForRequest(({ userText }) => userText?.includes('xyzzy') ?? false)
  const lines = processesOf(home.home).map(({ command }) => command)
  expect(lines.some((line) => line.includes('stream-json'))).toBe(true)
  expect(lines.filter((line) => line.includes('xyzzy'))).toEqual([])
  model.release('look')
})
