import type { Driver, SessionSpec } from '@subagent-mcp/contract'
import { createAcpDriver, geminiProfile } from '@subagent-mcp/driver-acp'
import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import { createCodexDriver } from '@subagent-mcp/driver-codex'
import { driveSession, failToOpen, type DrivenSession } from '@subagent-mcp/testkit'
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { useDriverStage } from './driver-stage.js'
import { testEachCli } from './each-provider.js'
import { processesOf, untilProcessesGone } from './processes.js'

const stage = useDriverStage()

/** For each provider, its driver and a model script that calls the shell. */
const providers = {
  claude: {
    create: () => createClaudeDriver({ watchdog: stage().watchdog }),
    shell: (command: string) => `[[tool: Bash ${JSON.stringify({ command })}]]`,
  },
  codex: {
    create: () => createCodexDriver({ watchdog: stage().watchdog }),
    shell: (cmd: string) =>
      `[[tool: exec ${JSON.stringify(`text(await tools.exec_command(${JSON.stringify({ cmd })}))`)}]]`,
  },
  gemini: {
    create: () => createAcpDriver({ watchdog: stage().watchdog, profile: geminiProfile }),
    shell: (command: string) => `[[tool: run_shell_command ${JSON.stringify({ command })}]]`,
  },
}

function spec(more: Partial<SessionSpec> = {}): SessionSpec {
  const { home, environment } = stage()
  return { cwd: home.cwd, environment, mcp: 'none', permissions: 'full-auto', ...more }
}

async function idOf({ record }: DrivenSession): Promise<string> {
  return (await record.next('session-identified')).sessionId
}

/** Sends SIGKILL to a process, which may have exited already. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It exited by itself in the meantime.
  }
}

/** Kills the CLI and all processes that it started. */
async function killAll({ record, close }: DrivenSession): Promise<void> {
  for (const { pid } of processesOf(stage().home.home)) killIfThere(pid)
  await record.next('session-closed')
  await close()
  expect(await untilProcessesGone(stage().home.home, 5_000)).toEqual([])
}

/** A model script that reports these tokens for a reply. */
const tokens = '[[usage: input=10 cached=0 output=5]]'

/** Resumes a session for one turn. Returns the text of its model request, and the cost of the turn. */
async function resumeForOneTurn(driver: Driver, resumeSessionId: string) {
  const before = stage().model.requests.length
  const resumed = await driveSession(driver, spec({ resumeSessionId }))
  const answer = `an answer to ${randomUUID()}`
  expect(await resumed.prompt(`and now ${tokens} [[say: ${answer}]]`).end).toEqual({
    type: 'completed',
    answer,
  })
  await resumed.close()
  expect(await idOf(resumed)).toBe(resumeSessionId)
  // The driver repeats no event of earlier turns.
  const { events } = resumed.record
  expect(events.filter(({ type }) => type.startsWith('tool-'))).toEqual([])
  expect(events.flatMap((event) => (event.type === 'message-ended' ? [event.text] : []))).toEqual([answer])
  const { usage } = await resumed.record.next('usage-reported')
  expect(usage).toMatchObject({ inputTokens: 10, outputTokens: 5 })
  const asked = stage()
    .model.requests.slice(before)
    .filter(({ kind }) => kind === 'turn')
  expect(asked).toHaveLength(1)
  return { sent: asked.map(({ bodyText }) => bodyText).join(), costUsd: usage.costUsd }
}

testEachCli(
  '[resume][turn-usage] %s: a closed session can be resumed again and again, and each turn counts only its own usage',
  { locally: ['claude', 'codex'], inSoak: ['gemini'] },
  async (provider) => {
    const { create, shell } = providers[provider]
    const first = await driveSession(create(), spec())
    const replies = `${tokens} ${shell('echo by the tool')} ${tokens} [[say: first answer]]`
    const { end } = first.prompt(`first words ${replies}`)
    expect(await end).toMatchObject({ type: 'completed', answer: 'first answer' })
    const { usage } = await first.record.next('usage-reported')
    expect(usage).toMatchObject({ inputTokens: 20, outputTokens: 10 })
    await first.close()
    const sessionId = await idOf(first)
    for (let turn = 2; turn <= 5; turn += 1) {
      const { sent, costUsd } = await resumeForOneTurn(create(), sessionId)
      for (const words of ['first words', 'by the tool', 'first answer']) expect(sent).toContain(words)
      // The first turn had two replies of this price.
      expect(costUsd).toBe(usage.costUsd && usage.costUsd / 2)
    }
    expect(usage.costUsd !== undefined).toBe(provider === 'claude')
  },
)

testEachCli(
  '[resume] %s: a session whose CLI was killed right after its first model request can be resumed',
  { locally: ['codex'], inSoak: ['gemini'] },
  async (provider) => {
    const { create } = providers[provider]
    const first = await driveSession(create(), spec())
    first.prompt('first words [[hang]]')
    await stage().model.waitForRequest(({ kind }) => kind === 'turn')
    await killAll(first)
    expect((await resumeForOneTurn(create(), await idOf(first))).sent).toContain('first words')
  },
)

testEachCli(
  '[resume] %s: a session whose CLI was killed in a later turn can be resumed',
  { locally: [], inSoak: ['gemini'] },
  async (provider) => {
    const { create } = providers[provider]
    const first = await driveSession(create(), spec())
    await first.prompt('first words [[say: first answer]]').end
    first.prompt('second words [[say: begun]] [[hang]]')
    await stage().model.waitForRequest(({ userText }) => userText?.startsWith('second') === true)
    await killAll(first)
    const { sent } = await resumeForOneTurn(create(), await idOf(first))
    for (const words of ['first words', 'first answer', 'second words']) expect(sent).toContain(words)
  },
)

testEachCli(
  '[resume] %s: a session whose CLI was killed in a tool call can be resumed',
  { locally: ['codex'], inSoak: ['gemini'] },
  async (provider) => {
    const { create, shell } = providers[provider]
    const first = await driveSession(create(), spec())
    first.prompt(`first words ${shell('sleep 1000')}`)
    await expect.poll(() => processesOf(stage().home.home, 'sleep'), { timeout: 10_000 }).not.toEqual([])
    await killAll(first)
    expect((await resumeForOneTurn(create(), await idOf(first))).sent).toContain('first words')
  },
)

testEachCli('[resume] %s: an unknown session id fails to open', { locally: ['codex'] }, async (provider) => {
  const { create } = providers[provider]
  const failure = await failToOpen(create(), spec({ resumeSessionId: 'nobody' }))
  expect(failure).toMatchObject({ reason: 'bad-request' })
})
