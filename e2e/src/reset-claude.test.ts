import type { Driver, SessionSpec } from '@subagent-mcp/contract'
import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import { driveSession, thorough, type DrivenSession } from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { useDriverStage } from './driver-stage.js'
import { findFilesWithText } from './find-files-with-text.js'
import { processesOf } from './processes.js'

const stage = useDriverStage()
let driver: Driver
let task: SessionSpec

beforeEach(() => {
  const { home, environment, watchdog } = stage()
  driver = createClaudeDriver({ watchdog })
  task = { cwd: home.cwd, environment, mcp: 'none', permissions: 'full-auto', ephemeral: true }
})

/** Runs a task in a session, checks its answer, and returns it. */
async function perform({ prompt }: DrivenSession, text: string, answer: string): Promise<string> {
  const { turnId, end } = prompt(`${text} [[say: ${answer}]]`)
  expect(await end).toEqual({ type: 'completed', answer })
  return turnId
}

async function reset({ session, record }: DrivenSession): Promise<void> {
  session.send({ type: 'reset' })
  await record.next('conversation-reset')
}

const bash = (command: string) => `[[tool: Bash ${JSON.stringify({ command })}]]`

/** Returns the model requests so far that belong to turns. */
const turns = () => stage().model.requests.filter(({ kind }) => kind === 'turn')

/** The body of the newest model request of a turn. */
const newest = () => turns().at(-1)?.bodyText ?? ''

/** An MCP server with two tools, which runs until its input ends. */
const server = `
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  const tools = ['hello', 'bye'].map((name) => ({ name, inputSchema: { type: 'object' } }))
  const { protocolVersion } = params ?? {}
  const results = {
    initialize: { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'still', version: '1' } },
    'tools/list': { tools },
  }
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} }))
})
`
const mcpServers = { still: { command: process.execPath, args: ['-e', server] } }

describe('a reset', () => {
  test('[reset-clean] ends processes that tools left running, also in the background and in their own process sessions, but no MCP server', async () => {
    const driven = await driveSession(driver, { ...task, mcpServers })
    const kept = () => processesOf(stage().home.home).filter(({ name }) => name !== 'sleep')
    const left = () => processesOf(stage().home.home, 'sleep')
    const leaving = 'sleep 1000 & nohup setsid sleep 1000 > /dev/null 2>&1 & (sleep 1000 &)'
    await perform(driven, bash(leaving), 'left')
    await expect.poll(() => [kept().length, left().length]).toEqual([2, 3])
    const before = kept()
    await reset(driven)
    expect(left()).toEqual([])
    expect(kept()).toEqual(before)
    await perform(driven, '', 'again')
    await driven.close()
  })

  test(
    '[reset-clean] undoes changes of folder, variables and plan mode, and no earlier process reports anything later',
    thorough,
    async () => {
      mkdirSync(join(stage().home.cwd, 'below'))
      const driven = await driveSession(driver, task)
      const setting = [bash('cd below; export CANARY=1'), '[[tool: EnterPlanMode {}]]']
      const later = { cron: '* * * * *', prompt: 'canary', recurring: true }
      await perform(driven, `${setting.join(' ')} [[tool: CronCreate ${JSON.stringify(later)}]]`, 'set')
      await reset(driven)
      await perform(driven, bash('pwd; echo "canary:$CANARY:"; touch made'), 'looked')
      const looked = driven.record.events.filter((event) => event.type === 'tool-ended').at(-1)
      expect(looked).toMatchObject({ failed: false, output: `${stage().home.cwd}\ncanary::` })
      expect(newest()).not.toMatch(/plan mode is active/i)
      await driven.close()
    },
  )

  test(
    '[reset-clean] many resets right after a turn: each task gets its own answer, and no request has the text of another task',
    thorough,
    async () => {
      const driven = await driveSession(driver, task)
      for (let count = 0; count < 20; count += 1) {
        await perform(driven, `canary-${count}.`, `answer-${count}`)
        await reset(driven)
      }
      await driven.close()
      const told = turns().map(({ bodyText }) => [...new Set(bodyText.match(/canary-\d+/g))])
      expect(told).toEqual(Array.from({ length: 20 }, (_, count) => [`canary-${count}`]))
    },
  )

  test('[reset-clean] works right after an interrupt', thorough, async () => {
    const driven = await driveSession(driver, task)
    const { session, prompt, record } = driven
    for (const round of ['one', 'two', 'three']) {
      const { end } = prompt(`canary [[say: begun ${round}]] [[hang]]`)
      await record.next('text-delta')
      session.send({ type: 'interrupt' })
      expect(await end).toEqual({ type: 'interrupted' })
      await reset(driven)
      await perform(driven, '', round)
      expect(newest()).not.toContain('canary')
      await reset(driven)
    }
    await driven.close()
  })
})

test('[reset-clean] a rewind keeps the conversation before the turn and removes the turn', async () => {
  const driven = await driveSession(driver, task)
  await perform(driven, 'primed', 'ready')
  for (const secret of ['heliotrope', 'celadon', 'vermilion']) {
    const turnId = await perform(driven, `${secret} ${bash('sleep 1000 &')}`, 'done')
    expect(newest()).toContain('primed')
    driven.session.send({ type: 'rewind', turnId })
    await driven.record.next('conversation-reset')
    expect(processesOf(stage().home.home, 'sleep')).toEqual([])
    driven.session.send({ type: 'rewind', turnId: await perform(driven, '', 'looked') })
    await driven.record.next('conversation-reset')
    expect(newest()).not.toContain(secret)
  }
  await driven.close()
})

test(
  '[reset-clean] the conversation of an ephemeral session is not on disk after a reset, a rewind or its end',
  thorough,
  async () => {
    const driven = await driveSession(driver, task)
    const large = bash('seq 1 100000; echo canary')
    const agent = {
      description: 'canary',
      subagent_type: 'general-purpose',
      prompt: `canary ${large} [[say: sub]]`,
    }
    const written = `canary ${bash('echo canary')} ${large} [[tool: Agent ${JSON.stringify(agent)}]]`
    await perform(driven, bash('seq 1 100000; echo primed'), 'ready')
    for (const _ of ['first', 'second']) {
      const turnId = await perform(driven, written, 'canary')
      expect(findFilesWithText(stage().home.home, 'canary').length).toBeGreaterThan(2)
      driven.session.send({ type: 'rewind', turnId })
      await driven.record.next('conversation-reset')
      expect(findFilesWithText(stage().home.home, 'canary')).toEqual([])
      expect(findFilesWithText(stage().home.home, 'primed')).toHaveLength(1)
    }
    await perform(driven, written, 'canary')
    await reset(driven)
    expect([
      findFilesWithText(stage().home.home, 'canary'),
      findFilesWithText(stage().home.home, 'primed'),
    ]).toEqual([[], []])
    await perform(driven, written, 'canary')
    await driven.close()
    expect(findFilesWithText(stage().home.home, 'canary')).toEqual([])
  },
)

test(
  '[reset-clean] the conversation of an ephemeral session is not on disk after the CLI was killed',
  thorough,
  async () => {
    const driven = await driveSession(driver, task)
    await perform(driven, bash('seq 1 100000; echo canary'), 'canary')
    expect(findFilesWithText(stage().home.home, 'canary')).toHaveLength(1)
    await driven.session.close('kill')
    expect(findFilesWithText(stage().home.home, 'canary')).toEqual([])
  },
)

describe('the tools of a session', () => {
  /**
   * The names of the tools that the CLI offers its model, without the placeholder for tools that can be loaded later.
   */
  async function offered(more: Partial<SessionSpec>): Promise<string[]> {
    const driven = await driveSession(driver, { ...task, ...more })
    await perform(driven, '', 'seen')
    await driven.close()
    const names = [...newest().matchAll(/"name":"(\w+)","description"/g)].map(([, name = '']) => name)
    const [, deferred = ''] = /before calling them:((\\n\w+)*)/.exec(newest()) ?? []
    return [...names, ...deferred.split('\\n').filter(Boolean)]
      .filter((name) => name !== 'DeferredToolPlaceholder')
      .sort()
  }

  test('[definitions] are exactly the chosen ones', thorough, async () => {
    expect(await offered({ tools: { only: ['Read', 'Bash', 'WebFetch'] } })).toEqual([
      'Bash',
      'Read',
      'WebFetch',
    ])
    expect(await offered({ tools: { only: ['Read', 'Bash', 'Edit'], without: ['Edit'] } })).toEqual([
      'Bash',
      'Read',
    ])
    expect(await offered({ tools: { only: [] } })).toEqual([])
  })

  test('[definitions] are refused with a malformed name in the list of excluded ones', thorough, async () => {
    for (const name of ['Bash(rm *', 'bash']) {
      const tools = { without: [name, 'Write'] }
      expect(
        await driver.open({ ...task, tools }, () => undefined, new AbortController().signal),
      ).toMatchObject({
        type: 'failed',
        failure: { reason: 'bad-request' },
      })
    }
    const without = ['Bash(node -e "f()")', 'Write']
    const kept = await offered({ tools: { without } })
    expect(kept).toContain('Bash')
    expect(kept).not.toContain('Write')
  })

  test(
    '[definitions] include the tools of its own MCP servers, without the excluded ones',
    thorough,
    async () => {
      const tools = { only: ['Read'], without: ['mcp__still__bye'] }
      expect(await offered({ mcpServers, tools })).toEqual(['Read', 'mcp__still__hello'])
    },
  )

  test('[reset-clean] include none whose work could outlive a task', thorough, async () => {
    const taskTools = await offered({})
    // When a new tool appears here, check whether its effects end with the task.
    expect(taskTools).toEqual([
      ...['Agent', 'AskUserQuestion', 'Bash', 'Edit', 'NotebookEdit', 'Read', 'ReportFindings', 'Skill'],
      ...['TaskStop', 'ToolSearch', 'WebFetch', 'WebSearch', 'Write'],
    ])
    const kept = await offered({ ephemeral: false })
    expect(kept).toEqual(expect.arrayContaining([...taskTools, 'Monitor', 'Workflow']))
  })
})

test('[definitions] each turn has at most the allowed number of model requests', thorough, async () => {
  const driven = await driveSession(driver, { ...task, maxTurns: 2 })
  const looping = `${bash('true')} ${bash('true')} ${bash('true')}`
  for (const _ of ['first', 'second']) {
    const before = turns().length
    const message = 'Reached maximum number of turns (2)'
    expect(await driven.prompt(looping).end).toMatchObject({ type: 'failed', failure: { message } })
    expect(turns().length - before).toBe(2)
    await perform(driven, bash('true'), 'enough')
    await reset(driven)
  }
  await driven.close()
})

test(
  '[same-prefix] requests of two tasks are the same up to the text of the task, in one process or in two',
  thorough,
  async () => {
    writeFileSync(join(stage().home.cwd, 'CLAUDE.md'), 'Rules of the project.')
    const spec = { ...task, appendSystemPrompt: 'You are a reviewer.' }
    for (const words of [['alpha', 'beta', 'gamma'], ['delta']]) {
      const driven = await driveSession(driver, spec)
      for (const word of words) {
        await perform(driven, `task-${word}`, 'done')
        await reset(driven)
      }
      await driven.close()
    }
    // `/clear` adds a note in front of the task, which is the same each time.
    const clearing = /\{"type":"text","text":"<(local-)?command-.*?"\},/g
    const beginnings = turns().map(
      ({ body }) => inCacheOrder(body).replaceAll(clearing, '').split('task-')[0],
    )
    expect(beginnings).toHaveLength(4)
    expect(beginnings[0]).toContain('You are a reviewer.')
    expect(new Set(beginnings).size).toBe(1)
  },
)

const Body = z.looseObject({ tools: z.unknown(), system: z.unknown(), messages: z.unknown() })

/** The parts of a model request, in the order in which a prompt cache compares them. */
function inCacheOrder(body: unknown): string {
  const { tools, system, messages } = Body.parse(body)
  return JSON.stringify([tools, system, messages])
}
