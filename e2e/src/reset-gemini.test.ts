import type { SessionSpec } from '@subagent-mcp/contract'
import { createAcpDriver, geminiProfile } from '@subagent-mcp/driver-acp'
import { driveSession, failToOpen, thorough, type DrivenSession } from '@subagent-mcp/testkit'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { useDriverStage } from './driver-stage.js'
import { findFilesWithText } from './find-files-with-text.js'
import { processesOf } from './processes.js'
import { roundCount } from './rounds.js'

const stage = useDriverStage()

/** Returns a driver, and the options with which a pool opens a session. */
function start(more: Partial<SessionSpec> = {}) {
  const { home, environment, watchdog } = stage()
  const driver = createAcpDriver({ watchdog, profile: geminiProfile })
  const pooled = { mcp: 'none', model: 'flash', permissions: 'full-auto', ephemeral: true } as const
  return { driver, spec: { cwd: home.cwd, environment, processKey: 'pool', ...pooled, ...more } }
}

async function reset({ session, record }: DrivenSession): Promise<void> {
  session.send({ type: 'reset' })
  await record.next('conversation-reset')
}

const shell = (input: object) => `[[tool: run_shell_command ${JSON.stringify(input)}]]`
const behind = (command: string) => shell({ command, is_background: true })

/** Returns the commands of the `sleep` processes that tools left running. */
const leftRunning = () => processesOf(stage().home.home, 'sleep').map(({ command }) => command)

const Body = z.looseObject({
  systemInstruction: z.unknown(),
  tools: z.tuple([z.looseObject({ functionDeclarations: z.array(z.looseObject({ name: z.string() })) })]),
  contents: z.array(z.unknown()),
})

function requestBodies(): { text: string; body: z.infer<typeof Body> }[] {
  const turns = stage().model.requests.filter(({ kind }) => kind === 'turn')
  return turns.map(({ bodyText }) => ({ text: bodyText, body: Body.parse(JSON.parse(bodyText)) }))
}

function toolsOffered(): string[] {
  const declared = requestBodies().at(-1)?.body.tools[0].functionDeclarations ?? []
  return declared.map(({ name }) => name)
}

test(
  '[reset-clean] a gemini task finds nothing of the previous one, also when it follows immediately, or by the memory of the CLI; processes that tools left running end as soon as no other session of its process is in a turn, and those of sessions outside of a pool stay',
  thorough,
  async () => {
    const { driver, spec } = start({ appendSystemPrompt: 'Review what you are given.' })
    const driven = await driveSession(driver, spec)
    for (let task = 1; task <= roundCount(6, 12); task++) {
      const { end } = driven.prompt(`canary-${task}. [[say: answer ${task}]]`)
      expect(await end).toEqual({ type: 'completed', answer: `answer ${task}` })
      const { text } = requestBodies().at(-1) ?? { text: '' }
      expect(text.match(/canary-\d+/g)).toEqual([`canary-${task}`])
      expect(text).toContain('Review what you are given.')
      await reset(driven)
    }
    const memories = [
      join(stage().home.home, '.gemini/GEMINI.md'),
      join(stage().home.home, '.gemini/tmp/project/memory/MEMORY.md'),
    ]
    const writes = [...memories, join(stage().home.cwd, 'GEMINI.md')].map(
      (file_path) => `[[tool: write_file ${JSON.stringify({ file_path, content: 'canary' })}]]`,
    )
    await driven.prompt(`${writes.join(' ')} [[say: done]]`).end
    await reset(driven)
    expect(memories.filter((path) => existsSync(path))).toEqual([])
    expect(existsSync(join(stage().home.cwd, 'GEMINI.md'))).toBe(true)

    const other = await driveSession(driver, spec)
    expect(other.opened.pid).toBe(driven.opened.pid)
    await driven.prompt(
      `${behind('sleep 1000')} ${shell({ command: 'setsid sleep 1001 > /dev/null 2>&1 & sleep 1' })}`,
    ).end
    await expect.poll(leftRunning).toHaveLength(2)
    await reset(driven)
    expect(leftRunning()).toEqual([])

    const { end } = other.prompt(`${shell({ command: 'sleep 1002' })} [[say: done]]`)
    await expect.poll(leftRunning).toEqual(['sleep 1002'])
    await driven.prompt(behind('sleep 1003')).end
    await reset(driven)
    expect(leftRunning().sort()).toEqual(['sleep 1002', 'sleep 1003'])
    other.session.send({ type: 'interrupt' })
    expect(await end).toEqual({ type: 'interrupted' })
    await reset(other)
    expect(leftRunning()).toEqual([])

    const lasting = await driveSession(driver, { ...spec, ephemeral: false })
    await Promise.all([driven.close(), other.close()])
    await lasting.prompt(behind('sleep 1000')).end
    await reset(lasting)
    expect(leftRunning()).toEqual(['sleep 1000'])
    await lasting.close()
    expect(leftRunning()).toEqual([])
  },
)

test(
  '[reset-clean] nothing of an ephemeral gemini session is on disk after a reset, nor after a close',
  thorough,
  async () => {
    const { driver, spec } = start()
    const lasting = await driveSession(driver, { ...spec, ephemeral: false })
    const driven = await driveSession(driver, spec)
    expect(driven.opened.resumable).toBe(false)
    const { sessionId } = await driven.record.next('session-identified')
    await lasting.prompt('kept [[say: kept]]').end
    await driven.prompt(`canary ${behind('echo canary; sleep 1000')} ${shell({ command: 'echo canary' })}`)
      .end
    expect(findFilesWithText(stage().home.home, 'canary')).not.toEqual([])
    await reset(driven)
    expect(findFilesWithText(stage().home.home, 'canary')).toEqual([])
    await driven.prompt(`canary ${behind('echo canary; sleep 1000')}`).end
    await driven.close()
    expect(findFilesWithText(stage().home.home, 'canary')).toEqual([])
    await lasting.close()
    expect(findFilesWithText(stage().home.home, 'kept')).toHaveLength(1)
    expect(await failToOpen(driver, { ...spec, resumeSessionId: sessionId })).toMatchObject({
      message: 'an ephemeral session cannot resume an earlier one',
    })
  },
)

test(
  '[same-prefix] the requests of two gemini tasks are the same up to the task, in one process or in the two of two process keys',
  thorough,
  async () => {
    const { driver, spec } = start({ appendSystemPrompt: 'Review what you are given. '.repeat(200) })
    const [driven, other] = [
      await driveSession(driver, spec),
      await driveSession(driver, { ...spec, processKey: 'another' }),
    ]
    expect(other.opened.pid).not.toBe(driven.opened.pid)
    for (const [task, { prompt }] of [driven, other, driven].entries()) {
      if (task === 2) await reset(driven)
      await prompt(`task ${task} [[say: done]]`).end
    }
    await Promise.all([driven.close(), other.close()])
    const [first = '', ...others] = requestBodies().map(({ body }) => promptOf(body))
    const end = first.indexOf('task 0') + 'task '.length
    for (const text of others) {
      const shared = sharedBytes(first, text)
      const around = [first, text].map((one) => one.slice(shared - 40, shared + 200))
      expect({ shared, around }).toEqual({ shared: end, around })
    }
    expect(first.indexOf('task 0') / first.length).toBeGreaterThan(0.91)
  },
)

/** The parts of a model request, in the order in which a prompt cache compares them. */
function promptOf({ systemInstruction, tools, contents }: z.infer<typeof Body>): string {
  return JSON.stringify([systemInstruction, tools, contents])
}

function sharedBytes(one: string, other: string): number {
  const differs = Array.from(one).findIndex((character, index) => character !== other[index])
  return differs === -1 ? one.length : differs
}

test('[definitions] a gemini session is offered exactly the chosen tools', thorough, async () => {
  const { driver, spec } = start()
  const all = await driveSession(driver, spec)
  await all.prompt('[[say: hello]]').end
  const every = toolsOffered()
  expect(every).toContain('run_shell_command')
  // Every known tool is excluded. `only` would let the session have a tool that is unknown here.
  const without = await driveSession(driver, { ...spec, tools: { without: every } })
  const some = await driveSession(driver, {
    ...spec,
    tools: { only: ['read_file', 'glob'], without: ['glob'] },
  })
  await some.prompt(`${shell({ command: 'touch ran' })} [[say: done]]`).end
  expect(toolsOffered()).toEqual(['read_file'])
  expect(existsSync(join(stage().home.cwd, 'ran'))).toBe(false)
  await Promise.all([all.close(), without.close(), some.close()])
})

test(
  '[mcp-choice] a gemini session runs its own MCP servers, whose tools need permission, and a reset restarts them',
  thorough,
  async () => {
    const script = join(stage().home.home, 'bell.cjs')
    writeFileSync(script, bell)
    const own = { command: process.execPath, args: [script], env: { WORD: '${GEMINI_API_KEY}' } }
    const { driver, spec } = start({ permissions: 'ask', mcpServers: { own } })
    const driven = await driveSession(driver, spec)
    const running = () => processesOf(stage().home.home).filter(({ command }) => command.includes(script))
    for (const task of ['one', 'two']) {
      const { end } = driven.prompt(`${task} [[tool: mcp_own_ring {}]]`)
      const { requestId } = await driven.record.next('approval-requested')
      driven.session.send({ type: 'answer', requestId, decision: 'allow' })
      expect(JSON.stringify(await end)).toContain('rang dummy')
      const [before] = running()
      await reset(driven)
      await expect.poll(running).toHaveLength(1)
      expect(running()).not.toEqual([before])
    }
    await driven.close()
    expect(running()).toEqual([])
  },
)

test(
  '[definitions] MCP tools of a gemini session are excluded by name or by server, whatever rules the user has',
  thorough,
  async () => {
    const script = join(stage().home.home, 'bell.cjs')
    writeFileSync(script, bell)
    mkdirSync(join(stage().home.home, '.gemini', 'policies'))
    const allow = '[[rule]]\ntoolName = ["mcp_own_ring", "glob"]\ndecision = "allow"\npriority = 999\n'
    writeFileSync(join(stage().home.home, '.gemini', 'policies', 'mine.toml'), allow)
    const server = { command: process.execPath, args: [script], env: { WORD: 'bell' } }
    const { driver, spec } = start({ mcpServers: { own: server, 'far-off': server } })
    for (const [without, left] of [
      [['mcp_own_ring', 'glob'], ['mcp_far-off_ring']],
      [['mcp_far-off_*'], ['mcp_own_ring']],
    ] as const) {
      const driven = await driveSession(driver, { ...spec, tools: { without } })
      await driven.prompt('[[say: hello]]').end
      expect(
        toolsOffered()
          .filter((tool) => tool.startsWith('mcp'))
          .sort(),
      ).toEqual(left)
      expect(toolsOffered().includes('glob')).toBe(!without.some((tool) => tool === 'glob'))
      await driven.close()
    }
  },
)

/** The script of an MCP server with one tool. */
const bell = `
const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n')
const tools = [{ name: 'ring', description: 'rings', inputSchema: { type: 'object' } }]
const info = { capabilities: { tools: {} }, serverInfo: { name: 'bell', version: '1' } }
const content = [{ type: 'text', text: 'rang ' + process.env.WORD }]
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  const results = { initialize: { ...info, protocolVersion: params?.protocolVersion }, 'tools/list': { tools }, 'tools/call': { content } }
  if (id !== undefined) say({ id, result: results[method] ?? {} })
})
`
