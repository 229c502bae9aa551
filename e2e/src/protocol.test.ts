import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { execa } from 'execa'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { useServerStage } from './server-stage.js'
import { serverScript } from './mcp-host.js'

const stage = useServerStage()

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
}

test('[bad-input] malformed input on stdin does not end the server', async () => {
  const server = execa(process.execPath, [serverScript, 'serve', '--in-process'], {
    env: stage().home.environment,
    extendEnv: false,
    reject: false,
  })
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]()
  const say = (text: string): void => void server.stdin.write(`${text}\n`)
  say('rubbish')
  say('{"jsonrpc":"2.0","id":7')
  say('\u0000\ufffd')
  say('[]')
  say(JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name: 7 } }))
  say(JSON.stringify({ jsonrpc: '2.0', id: 6, method: 'initialize' }))
  say(JSON.stringify(initialize))
  say(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'no/such/method' }))
  say(`{"jsonrpc":"2.0","id":8,"method":"${'x'.repeat(70_000_000)}"}`)
  say(JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'tools/list' }))
  const answers: string[] = []
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    answers.push(line.value)
    if (line.value.includes('launch_agent')) break
  }
  expect(answers.at(-1)).toContain('"id":3')
  expect(answers.find((line) => line.includes('"id":6'))).toContain('-32602')
  server.stdin.end()
  const { exitCode, stderr } = await server
  expect(exitCode).toBe(0)
  expect(stderr).toContain('left out a line of')
})

test('[bad-input] errors of the tools say what was wrong and what to do', async () => {
  const { host } = stage()
  const launch = { prompt: 'x', task_category: 'coding' }
  const table: [tool: string, input: object, expected: RegExp][] = [
    [
      'launch_agent',
      { ...launch, cwd: '/no/such/folder' },
      /^cwd-missing: cwd \/no\/such\/folder does not exist\nhint: /,
    ],
    ['launch_agent', { ...launch, task_category: 'x' }, /^unknown-category: .*\nhint: use one of math_proof/],
    [
      'launch_agent',
      { ...launch, colour: 'red' },
      /^unknown-parameter: launch_agent has no parameter colour\nhint: /,
    ],
    ['launch_agent', { ...launch, effort: 'high' }, /^effort-without-model: /],
    ['poll_agent', { agent_id: 'nobody' }, /^unknown-agent: no agent 'nobody'\nhint: /],
  ]
  for (const [tool, input, expected] of table) {
    const answer = await host.call(tool, input)
    expect(answer.text).toMatch(expected)
    expect(answer.isError).toBe(true)
  }
  expect((await host.call('list_agents')).text).toContain('no agents yet')
})

test('[modern-host] a 2026-07-28 client and a 2025-era one are both served', async () => {
  const { home, host } = stage()
  const modern = new Client(
    { name: 'modern', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [serverScript, 'serve'],
    env: home.environment,
    // A host in another folder would be offered messages to the one in this.
    cwd: home.cwd,
    stderr: 'ignore',
  })
  await modern.connect(transport)
  const names = (await modern.listTools()).tools.map(({ name }) => name)
  const called = await modern.callTool({ name: 'list_agents', arguments: {} })
  await modern.close()
  expect(names).toEqual((await host.client.listTools()).tools.map(({ name }) => name))
  expect(called.content).toEqual([{ type: 'text', text: 'no agents yet\nnext: launch_agent' }])
})

test('[bare-command] the CLI serves when stdin is a pipe, has --help and --version, and names unknown flags and commands', async () => {
  const run = (words: string[], input = '') =>
    execa(process.execPath, [serverScript, ...words], {
      input,
      env: stage().home.environment,
      extendEnv: false,
      reject: false,
    })
  const served = await run([], `${JSON.stringify(initialize)}\n`)
  expect(served.stdout).toContain('"serverInfo"')
  expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+$/)
  expect((await run(['--help'])).stdout).toContain('Usage: subagent-mcp <command>')
  expect((await run(['serve', '--help'])).stdout).toContain('stdin')
  const flag = await run(['serve', '--colour'])
  expect([flag.exitCode, flag.stderr]).toEqual([
    2,
    expect.stringContaining("Unknown option '--colour'\nhint: "),
  ])
  const unknown = await run(['sevre'])
  expect([unknown.exitCode, unknown.stdout]).toEqual([2, ''])
  expect(unknown.stderr).toMatch(/sevre[\s\S]*hint: /)
})
