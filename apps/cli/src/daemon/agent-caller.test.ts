import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { expect, inject, onTestFinished, test } from 'vitest'
import { join } from 'node:path'
import { z } from 'zod'
import { untilProcessEnds, useCliRuntime } from '../cli-runtime.test.support.js'
import { clientOf, launchEndless, openingLines, oursIn, startMcp } from './cli-daemon.test.support.js'

const theRuntime = useCliRuntime()

/** The environment of a process that an agent's CLI runs. */
const inAgent = { SUBAGENT_MCP_NONCE: 'house.child', SUBAGENT_MCP_DEPTH: '1' }

test('an agent at its own connection sees, waits for, answers and ends nothing that is not its own', async () => {
  await startMcp(theRuntime())
  const { id, remove } = await launchEndless(theRuntime())
  // One says what it is; one runs in an agent's process and has dropped its variables.
  const [told, silent] = [
    connect(inAgent, []),
    connect(inAgent, ['-u', 'SUBAGENT_MCP_DEPTH', '-u', 'SUBAGENT_MCP_NONCE']),
  ]
  const agents = process.platform === 'win32' ? [told] : [told, silent]
  for (const { call } of agents) {
    expect(await call('list_agents', {})).toMatch(/^no agents yet/)
    expect(await call('wait', { timeout_seconds: 0 })).toContain('no agent is running')
    for (const [name, input] of [
      ['poll_agent', {}],
      ['wait', { agent_ids: [id] }],
      ['kill_agent', {}],
      ['send_message', { message: 'now do this' }],
      ['respond_permission', { decision: 'allow' }],
      ['respond_permission', { decision: 'deny' }],
    ] as const) {
      const about = 'agent_ids' in input ? input : { agent_id: id, ...input }
      const answer = await call(name, about)
      expect([name, answer]).toEqual([
        name,
        expect.stringMatching(/^unknown-agent: no agent '\w+'\nhint: none has been launched/),
      ])
    }
  }
  expect((await clientOf(theRuntime()).agent(id)).agent.status).toBe('processing')
  const host = connect({}, [])
  expect(await host.call('list_agents', {})).toContain(id)
  await clientOf(theRuntime()).kill(id)
  remove()
})

test('an agent at a shell sees, reads and ends what was launched from its process, and a later connection has it too', async () => {
  mkdirSync(oursIn(theRuntime()), { mode: 0o700 })
  writeFileSync(oursIn(theRuntime(), 'config.jsonc'), '{ "limits": { "maxDepth": 2 } }')
  await startMcp(theRuntime())
  const other = await launchEndless(theRuntime())
  const own = await launchEndless(theRuntime(), inAgent)
  const says = async (...words: string[]): Promise<string> => {
    const { stdout, stderr } = await untilProcessEnds(theRuntime().start(words, inAgent))
    return stdout + stderr
  }
  const listed = await says('ps', '--all')
  expect(listed).toContain(own.id)
  expect(listed).not.toContain(other.id)
  for (const command of ['logs', 'kill']) expect(await says(command, other.id)).toContain(`'${other.id}'`)
  expect(await says('send', other.id, 'do that')).toContain(`'${other.id}'`)
  expect((await clientOf(theRuntime()).agent(other.id)).agent.status).toBe('processing')
  const again = connect(inAgent, [])
  const answer = await again.call('list_agents', {})
  expect(answer).toContain(own.id)
  expect(answer).not.toContain(other.id)
  expect(await says('daemon', 'stop')).toContain('let the user do it')
  expect(await says('kill', own.id)).toContain(own.id)
  expect((await clientOf(theRuntime()).agent(own.id)).agent.status).toBe('stopped')
  await clientOf(theRuntime()).kill(other.id)
  for (const { remove } of [own, other]) remove()
})

const Answer = z.looseObject({
  id: z.number(),
  result: z.looseObject({ content: z.array(z.looseObject({ text: z.string() })).optional() }).optional(),
})

/** Starts a server in which the variables of `without` are unset; its parent process has them, as an agent's CLI does. */
function connect(variables: NodeJS.ProcessEnv, without: readonly string[]) {
  const script = join(inject('cli'), 'bin/subagent-mcp.js')
  const line = `env ${without.join(' ')} '${process.execPath}' '${script}' serve; exit`
  const env = { ...theRuntime().environment, ...variables }
  const child = spawn('/bin/sh', ['-c', line], { env, stdio: 'pipe' })
  onTestFinished(() => void child.stdin.end())
  const waiting = new Map<number, (text: string) => void>()
  createInterface({ input: child.stdout }).on('line', (text) => {
    const { id, result } = Answer.parse(JSON.parse(text))
    waiting.get(id)?.(result?.content?.[0]?.text ?? '')
  })
  child.stdin.write(openingLines)
  let last = 10
  return {
    call: (name: string, input: object): Promise<string> =>
      new Promise((resolve) => {
        last += 1
        waiting.set(last, resolve)
        const params = { name, arguments: input }
        child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: last, method: 'tools/call', params })}\n`)
      }),
  }
}
