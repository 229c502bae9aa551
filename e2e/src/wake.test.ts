import { thorough } from '@subagent-mcp/testkit'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { daemonClient } from './home-daemons.js'
import {
  gate,
  inHost,
  openHost,
  say,
  startHost,
  terminalHosts,
  toolSteps,
  type OpenHost,
} from './host-in-terminal.js'
import { useHostStage } from './host-stage.js'
import { killHostSessions, processesOf } from './processes.js'
import { writeUserConfig } from './user-config.js'

const stage = useHostStage('fake')
const { to } = terminalHosts.claude
const { launch, wait } = toolSteps('claude')
const one = '1 sub-agent has finished: call `wait` of subagent-mcp'
const finished = /agent \w+ turn 1 finished/
const two = '2 sub-agents have finished: call `wait` of subagent-mcp'

test('[woken-by-hook] an idle Claude is woken when its agents end, calls wait and gets the reports, with no key pressed; a received report wakes nobody', async () => {
  const { model } = stage()
  const agent = (name: string) => launch(`[[gate: ${name}]] [[say: ${name} is done]]`)
  model.script([
    { match: 'DELEGATE IT', to, steps: [agent('work'), say('launched')] },
    { match: 'DELEGATE AND WAIT', to, steps: [agent('more'), wait, gate('end'), say('it has waited')] },
    { match: 'DELEGATE BOTH', to, steps: [agent('one'), agent('two'), say('both are launched')] },
    { match: two, to, steps: [wait, say('both are read')] },
    { match: one, to, steps: () => [...(isNoted ? [gate('noted')] : [wait]), say('all results are read')] },
  ])
  let isNoted = false
  await inTerminal(async ({ type, screen }) => {
    await type('DELEGATE IT')
    await expect.poll(screen).toContain('launched')
    model.release('work')
    await expect.poll(screen).toContain('all results are read')
    const bodies = stage().model.requestsWith(one)
    expect(bodies[0]).toContain('NOT USER INPUT')
    expect(bodies.at(-1)).toContain('turn 1 finished')
    await expect.poll(() => existsSync(state('wakes.json'))).toBe(false)
    const woken = wakes()

    await type('DELEGATE AND WAIT')
    await expect.poll(() => watchers().length).toBe(1)
    model.release('more')
    await expect.poll(watchers).toEqual([])
    model.release('end')
    await expect.poll(screen).toContain('it has waited')
    await expect.poll(() => existsSync(state('wakes.json'))).toBe(false)
    await expect.poll(watchers).toEqual([])
    expect(wakes()).toBe(woken)

    // An agent that ends between two watchers is not missed.
    isNoted = true
    model.forgetRequests()
    await type('DELEGATE BOTH')
    await expect.poll(screen).toContain('both are launched')
    model.release('one')
    await expect.poll(() => wakes()).toBe(woken + 1)
    // The first watcher has ended, and the next begins with the end of this turn.
    await expect.poll(watchers).toEqual([])
    model.release('two')
    await expect.poll(() => unread().length).toBe(2)
    model.release('noted')
    await expect.poll(() => stage().model.requestsWith(two).length).toBeGreaterThan(0)
  })
})

test(
  '[woken-by-hook] a session whose daemon was killed is woken by the next daemon, because its agent is gone; killed and continued, it is woken when its agent ends, with no key pressed',
  thorough,
  async () => {
    const { model, home, subagentMcp } = stage()
    const agent = (name: string) => [launch(`[[gate: ${name}]] [[say: done]]`), say(`${name} is launched`)]
    model.script([
      { match: 'DELEGATE AGAIN', to, steps: agent('more') },
      { match: 'DELEGATE IT', to, steps: agent('work') },
      { match: one, to, steps: [wait, say('all results are read')] },
    ])
    const variables = { CLAUDE_CODE_DISABLE_MCP_TASKS: '1' }
    const killed = await openHost(stage(), 'claude', { variables })
    try {
      await killed.type('DELEGATE IT')
      await expect.poll(killed.screen).toContain('work is launched')
      await expect.poll(() => watchers().length).toBe(1)
      process.kill((await daemonClient(home.home).health()).pid, 'SIGKILL')
      model.release('work')
      await subagentMcp('daemon', 'start')
      await expect.poll(killed.screen).toContain('all results are read')
      expect(stage().model.requestsWith(one).at(-1)).toMatch(/agent \w+ interrupted/)

      await killed.type('DELEGATE AGAIN')
      await expect.poll(killed.screen).toContain('more is launched')
      killHostSessions(home.home, 'claude')
    } finally {
      await killed.close()
    }
    await expect.poll(watchers).toEqual([])
    model.forgetRequests()
    const { close } = await startHost(stage(), 'claude', { args: ['--continue'], variables })
    try {
      // The start of a session tells it of agents that have ended by then, and does not wake it.
      await expect.poll(() => watchers().length).toBe(1)
      model.release('more')
      await expect.poll(() => stage().model.requestsWith(finished).length).toBeGreaterThan(0)
    } finally {
      await close()
    }
  },
)

test(
  '[woken-by-hook] after so many wakes results wait for the next prompt, which allows wakes again',
  thorough,
  async () => {
    const { model, home } = stage()
    writeUserConfig(home.home, { wake: { maxTurns: 2 } })
    const agent = (name: string) => launch(`[[gate: ${name}]] [[say: done]]`)
    model.script([
      { match: 'DELEGATE IT', to, steps: [agent('first'), say('launched')] },
      { match: 'WHAT NOW', to, steps: [wait, agent('typed'), say('launched more')] },
      { match: one, to, steps: () => [wait, agent(`woken ${wakes()}`), say(`wake ${wakes()} is over`)] },
    ])
    await inTerminal(async ({ type, screen }) => {
      await type('DELEGATE IT')
      await expect.poll(screen).toContain('launched')
      model.release('first')
      await expect.poll(screen).toContain('wake 1 is over')
      model.release('woken 1')
      await expect.poll(screen).toContain('wake 2 is over')
      model.release('woken 2')
      await expect.poll(() => unread().length).toBe(1)
      await expect.poll(watchers).toEqual([])
      expect(wakes()).toBe(2)
      await type('WHAT NOW')
      await expect.poll(screen).toContain('launched more')
      const [first = ''] = stage().model.requestsWith('WHAT NOW')
      expect(first.slice(first.indexOf('WHAT NOW')).includes(one)).toBe(true)
      model.release('typed')
      await expect.poll(screen).toContain('wake 3 is over')
    })
  },
)

/** How many turns Claude began by itself, by the longest conversation. */
function wakes(): number {
  return Math.max(
    0,
    ...stage()
      .model.requestsWith(notice)
      .map((body) => body.split(notice).length - 1),
  )
}

const notice = 'SYSTEM NOTIFICATION - NOT USER INPUT'

/** The keys of the reports that wait for a session. */
function unread(): readonly string[] {
  const path = state('agents.json')
  return existsSync(path)
    ? [...readFileSync(path, 'utf8').matchAll(/"[\w-]+\.\d+"/g)].map(([key]) => key)
    : []
}

/** The pids of running watchers of the stage's home. */
function watchers(): readonly number[] {
  return processesOf(stage().home.home).flatMap(({ pid, command }) =>
    /hook claude wake$/.test(command.trim()) ? [pid] : [],
  )
}

function inTerminal(run: (terminal: OpenHost) => Promise<void>): Promise<void> {
  return inHost(stage(), 'claude', run, { variables: { CLAUDE_CODE_DISABLE_MCP_TASKS: '1' } })
}

function state(name: string): string {
  return join(stage().home.home, '.subagent-mcp', name)
}
