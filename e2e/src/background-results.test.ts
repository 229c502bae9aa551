import { thorough } from '@subagent-mcp/testkit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { claudePath } from './cli-paths.js'
import { daemonClient } from './home-daemons.js'
import { openHost, say, startHost, terminalHosts, toolSteps, type OpenHost } from './host-in-terminal.js'
import { useHostStage } from './host-stage.js'
import { killHostSessions } from './processes.js'
import { writeUserConfig } from './user-config.js'

const stage = useHostStage('fake')

const { to } = terminalHosts.claude
const { launch, wait } = toolSteps('claude')
const gated = '[[gate: work]] [[say: the work is done]]'

/** Lets Claude's model launch an agent, wait for it, and end its turn. */
function script(prompt: string): void {
  const steps = [launch(prompt), wait, say('it runs without me')]
  stage().model.script([{ match: 'DELEGATE IT', to, steps }])
}

/** The requests of Claude in which a text matches. */
function requestsWith(text: RegExp): string[] {
  return stage()
    .model.requestsWith('DELEGATE IT')
    .filter((body) => text.test(body))
}

const finished = /agent \w+ turn 1 finished/

/**
 * Opens Claude while the daemon runs. Claude asks a server that does not answer its first message within 3 s for the protocol of
 * 2025, which has no tasks, and a daemon may start slowly on a busy machine.
 */
async function openClaude(start: Parameters<typeof openHost>[2] = {}): Promise<OpenHost> {
  await stage().subagentMcp('daemon', 'start')
  return openHost(stage(), 'claude', start)
}

async function delegate(terminal: OpenHost): Promise<void> {
  await terminal.type('DELEGATE IT')
  await expect.poll(terminal.screen).toContain('it runs without me')
}

test('[back-by-itself] an idle Claude session starts a turn by itself with the result of its agent, also one that was killed and continued', async () => {
  script(gated)
  const { home } = stage().home
  const killed = await openClaude()
  try {
    await delegate(killed)
    expect(requestsWith(finished)).toEqual([])
    stage().model.release('work')
    await expect.poll(() => requestsWith(finished).length).toBeGreaterThan(0)
    expect(requestsWith(finished)[0]).toContain('the work is done')

    const steps = [launch('[[gate: more]] [[say: more is done]]'), wait, say('more runs without me')]
    stage().model.script([{ match: 'DELEGATE IT AGAIN', to, steps }])
    await killed.type('DELEGATE IT AGAIN')
    await expect.poll(killed.screen).toContain('more runs without me')
    killHostSessions(home, 'claude')
  } finally {
    await killed.close()
  }
  expect(requestsWith(/more is done\\n/)).toEqual([])
  const terminal = await startHost(stage(), 'claude', { args: ['--continue'] })
  try {
    stage().model.release('more')
    await expect.poll(() => requestsWith(/more is done\\n/).length).toBeGreaterThan(0)
  } finally {
    await terminal.close()
  }
})

test(
  '[back-by-itself] a Claude session without MCP tasks waits in its turn and gets the result there',
  thorough,
  async () => {
    script(gated)
    const terminal = await openClaude({ variables: { CLAUDE_CODE_DISABLE_MCP_TASKS: '1' } })
    try {
      await terminal.type('DELEGATE IT')
      await expect.poll(terminal.screen).toMatch(/sonnet \d+s/)
      stage().model.release('work')
      await expect.poll(terminal.screen).toContain('it runs without me')
      expect(requestsWith(finished)[0]).toContain('the work is done')
    } finally {
      await terminal.close()
    }
  },
)

test(
  '[back-by-itself] an idle Claude session shows what its agent asks in a form, and learns by itself that its agent is gone with the daemon',
  thorough,
  async () => {
    script('[[gate: work]] [[tool: Bash {"command":"touch made"}]] [[say: the work is done]]')
    const terminal = await openClaude({ variables: { SUBAGENT_MCP_CLAUDE_PATH: claudePath } })
    try {
      await delegate(terminal)
      stage().model.release('work')
      await expect.poll(terminal.screen).toContain('❯ Accept    Decline')
      // A faster answer does not count as one of a person.
      await setTimeout(1_500)
      terminal.press('\r')
      await expect.poll(() => requestsWith(finished).length).toBeGreaterThan(0)
      expect(existsSync(join(stage().home.cwd, 'made'))).toBe(true)

      const more = [launch('[[gate: more]] [[say: never said]]'), wait, say('it is alone now')]
      stage().model.script([{ match: 'DELEGATE IT AGAIN', to, steps: more }])
      await terminal.type('DELEGATE IT AGAIN')
      await expect.poll(terminal.screen).toContain('it is alone now')
      const { pid } = await daemonClient(stage().home.home).health()
      process.kill(pid, 'SIGKILL')
      await expect.poll(() => requestsWith(/agent \w+ interrupted/).length).toBeGreaterThan(0)
    } finally {
      stage().model.release('more')
      await terminal.close()
    }
  },
)

test(
  '[turns-nobody-typed] a Claude model that delegates again at each result stops after the set number of turns, and the next prompt brings the result',
  thorough,
  async () => {
    const { model, home } = stage()
    writeUserConfig(home.home, { wake: { maxTurns: 2 } })
    const round = (count: number) => [
      launch(`[[gate: ${count}]] [[say: round ${count} is done]]`),
      wait,
      say(`round ${count} runs`),
    ]
    const next = (text: string) => Number(/round (\d) is done/.exec(text)?.[1]) + 1
    model.script([
      { match: 'DELEGATE IT', to, steps: round(0) },
      { match: 'WHAT NOW', to, steps: [say('let us see')] },
      { match: 'turn 1 finished', to, steps: (text) => round(next(text)) },
    ])
    const terminal = await openClaude()
    try {
      await terminal.type('DELEGATE IT')
      for (const count of [0, 1, 2]) {
        await expect.poll(terminal.screen).toContain(`round ${count} runs`)
        model.release(`${count}`)
      }
      const daemon = daemonClient(home.home)
      const statuses = async () => (await daemon.agents()).map(({ status }) => status)
      await expect.poll(statuses).toEqual(['finished', 'finished', 'finished'])
      // The host asks for the result each second, and does not get it.
      await setTimeout(4_000)
      expect(results()).toBe(2)
      await terminal.type('WHAT NOW')
      await expect.poll(results).toBe(3)
      await expect.poll(terminal.screen).toContain('round 3 runs')
      model.release('3')
      await expect.poll(results).toBe(4)
    } finally {
      await terminal.close()
    }
  },
)

/** How many results of agents are in Claude's conversation. */
function results(): number {
  return Math.max(0, ...requestsWith(finished).map((body) => body.split('turn 1 finished').length - 1))
}
