import {
  countUnpromptedTurns,
  mayStartUnpromptedTurn,
  writeUnreadReportsForHooks,
  writeUnpromptedTurnLimit,
} from '@subagent-mcp/orchestration'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { home, project, run, toldTo, useShippedHook, watcherChunks } from './shipped-hook.test.support.js'
import { version } from './version.js'

useShippedHook()

const one = '1 sub-agent has finished: call `wait` of subagent-mcp, which returns what they report.'
const two = one.replace('1 sub-agent has', '2 sub-agents have')
const unread = (...finished: string[]) => ({ type: 'unread', finished, asking: [] })
const over = { type: 'over' }
const replaced = { type: 'replaced' }
const prompt = { hook_event_name: 'UserPromptSubmit', session_id: 'one', prompt: 'next' }
const taskTurn = {
  ...prompt,
  prompt:
    '<task-notification>\n<summary>MCP task 1 (subagent-mcp/wait) completed.</summary>\n<result>\nwords</result></task-notification>',
}
const wakeTurn = { ...prompt, prompt: '<task-notification>\nwords</task-notification>' }
const silent = { code: 0, stdout: '', stderr: '' }
const woken = (stderr: string) => ({ code: 2, stdout: '', stderr })

describe('the watcher of a session', () => {
  test('wakes its host with the reports that nobody has announced, which no prompt repeats', async () => {
    const asked = await playDaemon(unread('a.1'))
    announce('a.1')
    expect(await watch()).toEqual(woken(one))
    expect(asked).toEqual([{ process: String(process.pid), project: project(), known: '' }])
    expect(await toldTo(prompt)).toBeUndefined()
    announce('a.1', 'b.1')
    expect(await toldTo(prompt)).toBe(two)
  })

  test('tells the daemon what the session knows, and is silent about what another hook has announced meanwhile', async () => {
    announce('a.1')
    const asked = await playDaemon(async () => {
      expect(await toldTo(prompt)).toBe(one)
      return unread('a.1')
    }, over)
    expect(await watch()).toEqual(silent)
    expect(asked.map(({ known }) => known)).toEqual(['', 'a.1'])
  })

  test.each([
    ['where nothing can come any more', over],
    ['for an answer that it does not know', { type: 'newer' }],
    ['for broken keys', { type: 'unread', finished: 'a.1', asking: [] }],
  ])('is silent %s', async (_, answer) => {
    await playDaemon(answer)
    announce('a.1')
    expect(await watch()).toEqual(silent)
  })

  test('asks the next daemon when one has ended, also before the session is connected to it', async () => {
    const asked = await playDaemon(hangUp)
    const watching = watch()
    await expect.poll(() => asked.length).toBe(1)
    const again = await playDaemon(over, unread('a.1'))
    expect(await watching).toEqual(woken(one))
    expect(again).toHaveLength(2)
  })

  test('leaves a session whose host is starting to the newer watcher that replaces it', async () => {
    const asked = await playDaemon(replaced)
    expect(await watch({ hook_event_name: 'SessionStart' })).toEqual(silent)
    expect(asked).toHaveLength(1)
  })

  test('ends without a daemon where no agent can report any more', async () => {
    const asked = await playDaemon(hangUp)
    const watching = watch()
    await expect.poll(() => asked.length).toBe(1)
    writeUnpromptedTurnLimit(home(), undefined)
    expect(await watching).toEqual(silent)
  })

  test('asks the daemon of an older version, too', async () => {
    await playDaemon(over)
    await playDaemonOf('0.0.1', unread('a.1'))
    announce('a.1')
    expect(await watch()).toEqual(woken(one))
  })

  test('is silent without a daemon, in an agent of ours, in a sub-agent of the host, and where the host waits for it', async () => {
    announce('a.1')
    expect(await watch()).toEqual(silent)
    await playDaemon(unread('a.1'))
    expect(await watch({}, { SUBAGENT_MCP_DEPTH: '1' })).toEqual(silent)
    expect(await watch({ agent_id: 'x' })).toEqual(silent)
    expect(await watch({}, { CLAUDE_CODE_ENTRYPOINT: 'sdk-cli' })).toEqual(silent)
    expect(await watch({ session_id: undefined })).toEqual(silent)
  })

  test('wakes a session a limited number of times until a person types; then results wait for the prompt', async () => {
    await playDaemon(unread('a.1'), unread('b.1'), unread('c.1'), unread('d.1'))
    announce('a.1')
    writeUnpromptedTurnLimit(home(), 2)
    expect([await watch(), await watch()]).toEqual([woken(one), woken(one)])
    expect(await toldTo(wakeTurn)).toBe(one)
    expect(await watch()).toEqual(silent)
    announce('c.1')
    expect(await toldTo({ ...prompt, hook_event_name: 'Stop' })).toBeUndefined()
    expect(await toldTo(prompt)).toBe(one)
    expect(mayStartUnpromptedTurn(home(), 'one')).toBe(true)
    expect(await watch()).toEqual(woken(one))
  })

  test('a turn that an MCP task of ours began counts, too; one of another server does not', async () => {
    announce('a.1')
    writeUnpromptedTurnLimit(home(), 1)
    const words = {
      ...taskTurn,
      prompt: taskTurn.prompt.replace('subagent-mcp', 'another').replace('words', '(subagent-mcp/wait)'),
    }
    expect(await toldTo(words)).toBe(one)
    expect(mayStartUnpromptedTurn(home(), 'one')).toBe(true)
    expect(await toldTo(taskTurn)).toBeUndefined()
    expect(mayStartUnpromptedTurn(home(), 'one')).toBe(false)
    expect(countUnpromptedTurns(home(), [process.pid])).toBe(1)
    await toldTo(prompt)
    expect(countUnpromptedTurns(home(), [process.pid])).toBe(0)
  })

  test('a turn that the Stop hook continues counts, too', async () => {
    announce('a.1')
    writeUnpromptedTurnLimit(home(), 1)
    expect(await toldTo({ ...prompt, hook_event_name: 'Stop' })).toBe(one)
    expect(mayStartUnpromptedTurn(home(), 'one')).toBe(false)
  })
})

test('it loads little', () => {
  const [watcher, ...others] = watcherChunks()
  expect(others).toEqual([])
  expect(watcher?.imports.toSorted()).toEqual(['node:fs', 'node:http', 'node:os', 'node:path'])
  expect(watcher?.code.length).toBeLessThan(21_200)
})

/** Lets unread reports of the session wait, as the daemon does. */
function announce(...finished: string[]): void {
  const processes = [process.pid]
  writeUnreadReportsForHooks(home(), [{ project: project(), processes, finished, asking: [] }])
}

/** Runs the watcher as Claude does after a turn. */
function watch(event: object = {}, variables: NodeJS.ProcessEnv = {}) {
  const said = { hook_event_name: 'Stop', session_id: 'one', cwd: project(), ...event }
  const environment = { CLAUDE_CODE_ENTRYPOINT: 'cli', ...variables }
  return run(['hook', 'claude', 'wake'], JSON.stringify(said), environment)
}

type Answer = object | (() => Promise<object>)

/** The daemon ends without an answer. */
const hangUp = { type: 'hang up' }

/** Listens as a daemon that gives these answers, and returns the queries that it gets. */
function playDaemon(...answers: Answer[]): Promise<Record<string, string>[]> {
  return playDaemonOf(version, ...answers)
}

async function playDaemonOf(ofVersion: string, ...answers: Answer[]): Promise<Record<string, string>[]> {
  const asked: Record<string, string>[] = []
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://daemon')
    expect(pathname).toBe('/v1/wakes')
    asked.push(Object.fromEntries(searchParams))
    const answer = answers.shift() ?? over
    if (answer === hangUp) {
      server.close()
      response.destroy()
      return
    }
    void Promise.resolve(typeof answer === 'function' ? answer() : answer).then((body) =>
      response.end(JSON.stringify(body)),
    )
  })
  writeUnpromptedTurnLimit(home(), 10)
  mkdirSync(join(home(), 'run'), { recursive: true, mode: 0o700 })
  await new Promise<void>((resolve) => server.listen(join(home(), `run/daemon-${ofVersion}.sock`), resolve))
  onTestFinished(() => void server.close())
  return asked
}
