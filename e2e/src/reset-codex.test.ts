import type { SessionSpec } from '@subagent-mcp/contract'
import { createCodexDriver } from '@subagent-mcp/driver-codex'
import { driveSession, failToOpen, processesWith, thorough, type DrivenSession } from '@subagent-mcp/testkit'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useDriverStage } from './driver-stage.js'
import { findFilesWithText } from './find-files-with-text.js'
import { processesOf } from './processes.js'

const stage = useDriverStage()

/** Returns a driver, and the options with which a pool opens a session. */
function start(more: Partial<SessionSpec> = {}) {
  const { home, environment, watchdog } = stage()
  const driver = createCodexDriver({ watchdog })
  const pooled = { mcp: 'none', permissions: 'full-auto', ephemeral: true } as const
  return { driver, spec: { cwd: home.cwd, environment, ...pooled, ...more } }
}

async function opened(more?: Partial<SessionSpec>): Promise<DrivenSession> {
  const { driver, spec } = start(more)
  return driveSession(driver, spec)
}

/**
 * A model script in which Codex starts a background command. When its shell exits, Codex ends the shell's process
 * group, and the command may not have left that group yet, so the shell sleeps a while.
 */
function running(command: string): string {
  return `[[tool: exec ${JSON.stringify(`text(await tools.exec_command({cmd:${JSON.stringify(command)}}))`)}]]`
}

async function reset({ session, record }: DrivenSession): Promise<void> {
  session.send({ type: 'reset' })
  await record.next('conversation-reset')
}

/** Returns the commands of the `sleep` processes that tools left running. */
function leftRunning(): string[] {
  return processesOf(stage().home.home, 'sleep').map(({ command }) => command)
}

function lastRequest(): string {
  return (
    stage()
      .model.requests.filter(({ kind }) => kind === 'turn')
      .at(-1)?.bodyText ?? ''
  )
}

test('[reset-clean] a codex task finds nothing of the previous one, also when it follows immediately', async () => {
  const driven = await opened()
  for (let task = 1; task <= 20; task++) {
    const { end } = driven.prompt(`canary-${task}. [[say: answer ${task}]]`)
    expect(await end).toEqual({ type: 'completed', answer: `answer ${task}` })
    expect(lastRequest().match(/canary-\d+/g)).toEqual([`canary-${task}`])
    await reset(driven)
  }
  await driven.close()
})

test(
  '[reset-clean] a codex session ends processes that its tools left running, at a reset and at its end, but none of another session',
  thorough,
  async () => {
    const { driver, spec } = start()
    const [driven, sibling] = [await driveSession(driver, spec), await driveSession(driver, spec)]
    const leave = (seconds: number) =>
      running(
        `setsid sleep ${seconds} >/dev/null 2>&1 & setsid sh -c 'setsid sleep ${seconds + 1} & wait' & sleep 1`,
      )
    await sibling.prompt(leave(3000)).end
    await driven.prompt(leave(1000)).end
    await expect.poll(leftRunning).toHaveLength(4)
    await reset(driven)
    expect(leftRunning().sort()).toEqual(['sleep 3000', 'sleep 3001'])
    await driven.prompt(leave(2000)).end
    await expect.poll(leftRunning).toHaveLength(4)
    await driven.close()
    expect(leftRunning().sort()).toEqual(['sleep 3000', 'sleep 3001'])
    await sibling.close()
    expect(processesOf(stage().home.home)).toEqual([])
  },
)

test(
  "[reset-clean] a codex session ends processes that its tools left running, whatever environment the user's config gives them",
  thorough,
  async () => {
    const config = join(stage().home.home, '.codex', 'config.toml')
    appendFileSync(
      config,
      '[shell_environment_policy]\ninherit = "none"\n[shell_environment_policy.set]\nMINE = "kept"\n',
    )
    const driven = await opened()
    await driven.prompt(
      running('/usr/bin/setsid /bin/sleep 1000 >/dev/null 2>&1 & /bin/sleep 1; echo "is $MINE"'),
    ).end
    expect(lastRequest()).toContain('is kept')
    const left = () => processesWith('MINE=kept')
    await expect.poll(left).toHaveLength(1)
    await reset(driven)
    expect(left()).toEqual([])
    await driven.close()
  },
)

test.each([true, false])(
  '[reset-clean] a rewind of codex removes the turn and keeps the conversation before it: ephemeral %s',
  async (ephemeral) => {
    const { session, prompt, record, close } = await opened({ ephemeral })
    await prompt(`canary-prime ${running('echo canary-read')} [[think: hm]] [[say: canary-known]]`).end
    for (const task of ['canary-one', 'canary-two', 'canary-three']) {
      const { turnId, end } = prompt(`${task} ${running(`echo ${task}-read`)} [[say: ${task}-said]]`)
      expect(await end).toMatchObject({ answer: `${task}-said` })
      const told = lastRequest()
      for (const kept of ['canary-prime', 'canary-read', 'canary-known']) expect(told).toContain(kept)
      const others = /canary-(?:one|two|three)/g
      expect(new Set(told.match(others))).toEqual(new Set([task]))
      session.send({ type: 'rewind', turnId })
      await record.next('conversation-reset')
    }
    await close()
  },
)

test(
  '[reset-clean] nothing of an ephemeral codex session is on disk, and an ephemeral session cannot resume another one',
  thorough,
  async () => {
    const { driver, spec } = start()
    const { prompt, close, record, opened: how } = await driveSession(driver, spec)
    const { sessionId } = await record.next('session-identified')
    await prompt(`canary ${running('echo canary-command')} [[say: canary-answer]]`).end
    await prompt('canary [[status: 400 canary-error]]').end
    await close()
    expect(how.resumable).toBe(false)
    expect(findFilesWithText(stage().home.home, 'canary')).toEqual([])
    expect(await failToOpen(driver, { ...spec, resumeSessionId: sessionId })).toMatchObject({
      message: 'an ephemeral session cannot resume an earlier one',
    })
    const again = { ...spec, ephemeral: false, resumeSessionId: sessionId }
    expect(await failToOpen(driver, again)).toMatchObject({ reason: 'bad-request' })
    // The same search finds the text of a session that is not ephemeral.
    const lasting = await driveSession(driver, { ...spec, ephemeral: false })
    await lasting.prompt('canary [[say: kept]]').end
    await lasting.close()
    expect(findFilesWithText(stage().home.home, 'canary')).not.toEqual([])
  },
)

test(
  '[same-prefix] the requests of two codex tasks are the same up to the task, but for the ids of their items',
  thorough,
  async () => {
    const { driver, spec } = start({ appendSystemPrompt: 'Review what you are given. '.repeat(200) })
    const [driven, other] = [await driveSession(driver, spec), await driveSession(driver, spec)]
    const bodies = []
    for (const { prompt } of [driven, other, driven]) {
      if (bodies.length === 2) await reset(driven)
      await prompt(`task ${bodies.length} [[say: done]]`).end
      bodies.push(lastRequest().replace(/"id":"(?:msg|at)_[^"]*"/g, '"id":""'))
    }
    await Promise.all([driven.close(), other.close()])
    const [first = '', ...others] = bodies
    for (const body of others) expect(sharedBytes(first, body)).toBe(first.indexOf('task 0') + 'task '.length)
    expect(first.indexOf('task 0') / first.length).toBeGreaterThan(0.91)
  },
)

function sharedBytes(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  const differs = Array.from({ length }).findIndex((_, index) => one.charAt(index) !== other.charAt(index))
  return differs === -1 ? length : differs
}

test('[mcp-choice] a codex session runs its own MCP servers', async () => {
  const trace = join(stage().home.home, 'trace')
  const args = ['-c', 'echo "$WORD" >> "$0"', trace]
  const own = { command: 'sh', args, env: { WORD: '${OPENAI_API_KEY}' } }
  const { prompt, close } = await opened({ mcpServers: { own } })
  await prompt('[[say: done]]').end
  await expect.poll(() => existsSync(trace) && readFileSync(trace, 'utf8')).toBe('dummy\n')
  await close()
})

test(
  "[mcp-choice] a codex session's own MCP server replaces the user's of the same name",
  thorough,
  async () => {
    const { home } = stage().home
    const [ours, users] = [join(home, 'ours'), join(home, 'users')]
    const entry = [
      'command = "touch"',
      `args = ["${users}"]`,
      'env_vars = ["OPENAI_API_KEY"]',
      'tool_timeout_sec = 9',
    ]
    appendFileSync(join(home, '.codex', 'config.toml'), ['', '[mcp_servers.own]', ...entry, ''].join('\n'))
    const own = {
      command: 'sh',
      args: ['-c', 'echo "$WORD $OPENAI_API_KEY" > "$0"', ours],
      env: { WORD: 'mine' },
    }
    const { prompt, close } = await opened({ mcpServers: { own } })
    await prompt('[[say: done]]').end
    await expect.poll(() => existsSync(ours) && readFileSync(ours, 'utf8')).toBe('mine \n')
    expect(existsSync(users)).toBe(false)
    await close()
  },
)

test(
  '[driver-contract] codex sessions with different process keys do not share a process',
  thorough,
  async () => {
    const { driver, spec } = start()
    const keys = ['one', 'two', 'one']
    const sessions = await Promise.all(
      keys.map((processKey) => driveSession(driver, { ...spec, processKey })),
    )
    const pids = sessions.map(({ opened: { pid } }) => pid)
    expect([new Set(pids).size, pids[0]]).toEqual([2, pids[2]])
    expect(processesOf(stage().home.home, 'codex').map(({ pid }) => pid)).toEqual(
      expect.arrayContaining(pids),
    )
    await Promise.all(sessions.map(({ close }) => close()))
  },
)
