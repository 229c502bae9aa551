import { checkForLeaks, createManualDriver, type ManualDriver } from '@subagent-mcp/testkit'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createRuntime } from './create-runtime.js'
import { openState } from './state/open-state.js'

checkForLeaks()

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

test('a runtime with only drivers launches, answers and ends in memory', async () => {
  const driver = createManualDriver()
  let closed = 0
  const close = (): Promise<void> => Promise.resolve(void (closed += 1))
  const runtime = createRuntime({ drivers: [{ ...driver, close }] })
  const agent = await runtime.launch({ prompt: 'Summarize', provider: 'claude', cwd: process.cwd() })
  const session = await opened(driver)
  const result = agent.result()
  session.finish('short')
  expect(await result).toEqual({ status: 'finished', text: 'short', questions: [] })
  agent.send('again')
  session.finish('shorter')
  expect((await agent.result()).text).toBe('shorter')
  expect(runtime.history.read({ limit: 1 }).facts).toMatchObject([{ fact: { type: 'launch-requested' } }])
  expect(runtime.journalSize()).toEqual({ path: ':memory:', bytes: 0 })
  await Promise.all([runtime.close(), runtime.close()])
  expect([session.closed(), closed]).toEqual(['graceful', 1])
})

test('an agent with a schema answers with data, after one repair', async () => {
  const driver = createManualDriver()
  const runtime = createRuntime({ drivers: [driver] })
  const outputSchema = { type: 'object', required: ['n'] }
  const order = { prompt: 'Count', provider: 'claude', cwd: process.cwd(), outputSchema }
  const agent = await runtime.launch(order)
  const session = await opened(driver)
  const result = agent.result()
  session.finish('seven')
  await expect.poll(() => session.sent.length).toBe(2)
  session.finish('```json\n{"n": 7}\n```')
  expect(await result).toEqual({ status: 'finished', text: '{"n": 7}', value: { n: 7 }, questions: [] })
  await runtime.close()
})

test('an agent that asks for permission is at rest, until it is answered or killed', async () => {
  const driver = createManualDriver()
  const runtime = createRuntime({ drivers: [driver] })
  const agent = await runtime.launch({ prompt: 'Delete it', provider: 'claude', cwd: process.cwd() })
  const session = await opened(driver)
  session.sink({ type: 'approval-requested', requestId: 'r', tool: 'Bash', input: { command: 'rm x' } })
  expect(await agent.result()).toMatchObject({
    status: 'permission_requested',
    questions: [{ tool: 'Bash' }],
  })
  agent.answer('deny', { reason: 'keep it' })
  expect(session.sent.at(-1)).toMatchObject({ type: 'answer', decision: 'deny', reason: 'keep it' })
  await agent.kill()
  expect(agent.state().phase.status).toBe('ended')
  await runtime.close()
})

test('a driver may be an instance of a class', async () => {
  // oxlint-disable-next-line local/no-class -- a program that embeds the runtime may write its driver as a class
  class SignedOutDriver {
    #failure = { reason: 'not-signed-in', message: 'sign in first' } as const
    readonly id = 'claude'
    readonly abilities = createManualDriver().abilities
    preflight() {
      return this.#failure
    }
    installation() {
      return undefined
    }
    probe() {
      return Promise.resolve({ installed: false, failure: this.#failure } as const)
    }
    models() {
      return Promise.resolve({ type: 'failed', failure: this.#failure } as const)
    }
    effort() {
      return { type: 'none', note: this.#failure.message } as const
    }
    open() {
      return Promise.resolve({ type: 'failed', failure: this.#failure } as const)
    }
  }
  const runtime = createRuntime({ drivers: [new SignedOutDriver()] })
  const launched = runtime.launch({ prompt: 'x', provider: 'claude', cwd: process.cwd() })
  await expect(launched).rejects.toThrow('sign in first')
  await runtime.close()
})

test('a refused launch rejects, and so does an aborted wait', async () => {
  const driver = createManualDriver()
  const runtime = createRuntime({ drivers: [driver] })
  const order = { prompt: 'x', cwd: process.cwd() }
  await expect(runtime.launch({ ...order, provider: 'nobody' })).rejects.toMatchObject({
    code: 'unknown-provider',
  })
  const agent = await runtime.launch({ ...order, provider: 'claude' })
  await expect(agent.result({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  await runtime.close()
})

test('with a state folder, agents are known after a restart', async () => {
  const folder = temporaryFolder()
  const driver = createManualDriver()
  const first = createRuntime({ drivers: [driver], state: openState({ folder }) })
  const agent = await first.launch({ prompt: 'x', provider: 'claude', cwd: folder })
  const session = await opened(driver)
  session.sink({ type: 'session-identified', sessionId: 's' })
  session.finish('done')
  await agent.result()
  await first.close()
  const second = createRuntime({ drivers: [driver], state: openState({ folder }) })
  await second.recover()
  expect([...second.supervisor.state().agents.keys()]).toEqual([agent.id])
  await second.close()
})

test('a host of a daemon finds the agents of another one as soon as that has ended', async () => {
  const folder = temporaryFolder()
  const driver = createManualDriver()
  const [older, newer] = ['1.0.0', '2.0.0'].map((version) =>
    createRuntime({ drivers: [driver], state: openState({ folder, role: 'daemon', version }) }),
  )
  if (!older || !newer) throw new Error('no daemons')
  const host = newer.connect({ cwd: folder, environment: {} })
  const { id } = await older.launch({ prompt: 'x', provider: 'claude', cwd: folder })
  await opened(driver)
  expect(() => host.port.agents.find(id)).toThrow(`no agent '${id}'`)
  await older.close()
  expect(host.port.agents.find(id).profile.id).toBe(id)
  host.disconnect()
  await newer.close()
})

test('the state folder of a running daemon is refused', () => {
  const folder = temporaryFolder()
  const daemon = openState({ folder, role: 'daemon' })
  expect(() => openState({ folder })).toThrow(expect.objectContaining({ code: 'already-running' }))
  daemon.close()
  openState({ folder }).close()
})

async function opened(driver: ManualDriver) {
  const session = driver.sessions.at(-1)
  if (!session) throw new Error('no session was opened')
  await session.open()
  return session
}

function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'runtime-')))
  folders.push(folder)
  return folder
}
