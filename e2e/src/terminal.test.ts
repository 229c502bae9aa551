import { thorough } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { serverEnvironment, useServerStage } from './server-stage.js'
import { AgentData, serverScript } from './mcp-host.js'
import { processesOf } from './processes.js'

const stage = useServerStage()

/** Runs `subagent-mcp` in the project, as a person would type it. */
function type(...words: string[]) {
  const { home } = stage()
  return execa(process.execPath, [serverScript, ...words], {
    cwd: home.cwd,
    env: serverEnvironment(home),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
}

async function listed(...flags: string[]): Promise<AgentData[]> {
  return z.array(AgentData).parse(JSON.parse((await type('ps', '--json', ...flags)).stdout))
}

test('[terminal] run streams an answer to stdout, and its agent can be listed, read, messaged, attached and pruned', async () => {
  const run = await type(
    'run',
    'Say it. [[say: Hello from the model.]]',
    '--provider',
    'claude',
    '--name',
    'greeter',
  )
  expect([run.exitCode, run.stdout.trim()]).toEqual([0, 'Hello from the model.'])
  const agents = await listed()
  expect(agents).toMatchObject([{ name: 'greeter', status: 'finished', provider: 'claude' }])
  const logs = await type('logs', 'greeter')
  expect(logs.stdout).toMatch(/Say it\.[\s\S]*Hello from the model\./)
  const id = agents[0]?.id ?? ''
  expect((await type('send', id.slice(0, 3), 'What did I say? [[recall]]')).exitCode).toBe(0)
  const wait = await type('wait', id)
  expect([wait.exitCode, wait.stdout]).toEqual([0, expect.stringContaining('Say it.')])
  const attach = await type('attach', 'greeter', '--print')
  expect(attach.stdout).toContain(`claude --resume ${agents[0]?.sessionId ?? 'no id'}`)
  expect(processesOf(stage().home.home, 'claude')).toEqual([])
  expect((await type('prune', '--all', '--yes')).exitCode).toBe(0)
  expect(await listed('--all')).toEqual([])
})

test(
  '[terminal] kill ends an agent with its process, and the error for an unknown agent names it',
  thorough,
  async () => {
    const id = await stage().launch('[[hang]]')
    await expect.poll(() => processesOf(stage().home.home, 'claude').length).toBe(1)
    const killed = await type('kill', id)
    expect(killed.exitCode).toBe(0)
    expect(processesOf(stage().home.home, 'claude')).toEqual([])
    const unknown = await type('logs', 'zzzz')
    expect(unknown.exitCode).toBe(1)
    expect(unknown.stderr).toMatch(/zzzz[\s\S]*hint: /)
  },
)

test('[terminal] Ctrl-C interrupts the agent that run has started', thorough, async () => {
  const { model } = stage()
  const run = type('run', '[[say: half]] [[hang]]', '--provider', 'claude')
  await model.waitForRequest(({ userText }) => userText?.includes('half') ?? false)
  run.kill('SIGINT')
  const { exitCode } = await run
  expect(exitCode).toBe(130)
  const agents = await listed()
  expect(agents).toMatchObject([{ status: 'interrupted' }])
})

test(
  '[terminal] the daemon is shown, stopped and started, and an unknown flag is an error',
  thorough,
  async () => {
    const Status = z.looseObject({ running: z.boolean(), pid: z.number().optional() })
    const status = async () => Status.parse(JSON.parse((await type('daemon', 'status', '--json')).stdout))
    const { pid = 0 } = await status()
    expect(processesOf(stage().home.home).map((found) => found.pid)).toContain(pid)
    expect((await type('daemon', 'stop')).exitCode).toBe(0)
    expect((await type('daemon', 'stop')).stdout).toMatch(/^no daemon runs/)
    expect((await type('daemon', 'status')).stdout).toMatch(/^no daemon runs/)
    expect(await status()).toMatchObject({ running: false })
    expect((await type('daemon', 'start')).exitCode).toBe(0)
    expect(await status()).toMatchObject({ running: true })
    expect((await type('ps', '--colour')).exitCode).toBe(2)
  },
)
