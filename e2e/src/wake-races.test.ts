import { soakOnly, thorough } from '@subagent-mcp/testkit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { daemonClient } from './home-daemons.js'
import { openHost, say, startHost, terminalHosts, toolSteps, type OpenHost } from './host-in-terminal.js'
import { useHostStage } from './host-stage.js'
import { roundCount } from './rounds.js'
import { writeUserConfig } from './user-config.js'

const stage = useHostStage('fake')

const { to, tool } = terminalHosts.claude
const { launch, wait } = toolSteps('claude')
const hint = 'call `wait` of subagent-mcp'
const finished = /agent \w+ turn 1 finished/

/** The two ways by which an idle Claude learns of an agent. With tasks its model calls `wait` in the turn of the launch. */
const routes = {
  tasks: { variables: {}, waits: [{ type: 'tool', tool: `${tool}wait`, input: { until: 'all' } }] },
  hooks: { variables: { CLAUDE_CODE_DISABLE_MCP_TASKS: '1' }, waits: [] },
} as const
type Route = keyof typeof routes
const routeNames = ['tasks', 'hooks'] as const

/** Lets Claude's model launch agents and end its turn, and call `wait` where a hook says so. */
function script(
  route: Route,
  prompts: readonly string[] = ['[[gate: work]] [[say: the work is done]]'],
): void {
  const launches = prompts.map(launch)
  stage().model.script([
    {
      match: 'DELEGATE IT',
      to,
      steps: [...launches, ...routes[route].waits, say('it runs without me')],
    },
    { match: hint, to, steps: [wait, say('all results are read')] },
  ])
}

async function delegate(terminal: OpenHost): Promise<void> {
  await terminal.type('DELEGATE IT')
  await expect.poll(terminal.screen).toContain('it runs without me')
}

/** The second window of a conversation: whether it is a copy, and whether it follows the task of the first one. */
const windows = [
  { second: 'a fork', route: 'tasks', args: ['--continue', '--fork-session'], follows: false },
  { second: 'a fork', route: 'hooks', args: ['--continue', '--fork-session'], follows: false },
  { second: 'continued', route: 'tasks', args: ['--continue'], follows: true },
  { second: 'continued', route: 'hooks', args: ['--continue'], follows: false },
] as const

for (const { route, second: kind, args, follows } of windows)
  test(
    `[back-by-itself] of two windows of a conversation one gets the result unmarked: ${route}, ${kind}`,
    {
      // The other three windows show the fork and the hooks.
      ...(kind === 'a fork' && route === 'hooks' ? soakOnly : thorough),
    },
    async () => {
      script(route)
      await stage().subagentMcp('daemon', 'start')
      const first = await openHost(stage(), 'claude', routes[route])
      await delegate(first)
      const second = await startHost(stage(), 'claude', { args, ...routes[route] })
      try {
        if (follows) await expect.poll(second.screen).toContain('1 MCP task')
        stage().model.release('work')
        // The second window has a conversation of its own, in which the result is missing.
        await expect.poll(() => stage().model.requestsWith(finished).length).toBe(follows ? 2 : 1)
        expect(stage().model.requestsWith(/repeated: /).length).toBe(follows ? 1 : 0)
        await expect
          .poll(first.screen)
          .toContain(route === 'hooks' ? 'all results are read' : 'the work is done')
        await second.type('WHAT NOW')
        await expect.poll(() => stage().model.requestsWith(/WHAT NOW/).length).toBe(1)
        expect(
          stage()
            .model.requestsWith(/WHAT NOW/)[0]
            ?.includes(hint),
        ).toBe(false)
      } finally {
        await first.close()
        await second.close()
      }
    },
  )

test.for(routeNames)(
  '[told-together][back-by-itself] many agents that end together wake their session once, with all results; after /clear one more wakes it: %s',
  thorough,
  async (route) => {
    const { home, subagentMcp, model } = stage()
    const most = { maxTurns: 100, maxTurnsPerProvider: 100, maxProcesses: 100, launchesPerMinute: 100 }
    writeUserConfig(home.home, { limits: { ...most, freeMemoryMegabytes: 0 } })
    const answers = Array.from({ length: together }, (_, index) => `answer ${index} of ${together}`)
    script(
      route,
      answers.map((answer) => `[[gate: work]] [[say: ${answer}]]`),
    )
    await subagentMcp('daemon', 'start')
    const terminal = await openHost(stage(), 'claude', routes[route])
    try {
      await delegate(terminal)
      const agents = daemonClient(home.home)
      await expect.poll(async () => (await agents.agents()).filter(isProcessing).length).toBe(together)
      model.release('work')
      await expect.poll(() => model.requestsWith(finished).length).toBeGreaterThan(0)
      const [body = ''] = model.requestsWith(finished)
      expect(answers.filter((answer) => !body.includes(`\\n${answer}\\n`))).toEqual([])
      await expect.poll(() => existsSync(join(home.home, '.subagent-mcp/agents.json'))).toBe(false)
      const last = model.requestsWith(finished).at(-1) ?? ''
      expect(last.split('SYSTEM NOTIFICATION - NOT USER INPUT').length - 1).toBe(1)
      await expectAfterClear(route, terminal)
    } finally {
      await terminal.close()
    }
  },
)

/** Expects that the result of an agent that was launched before /clear comes by itself after it. */
async function expectAfterClear(route: Route, terminal: OpenHost): Promise<void> {
  const { model } = stage()
  script(route, ['[[gate: more]] [[say: the work is done]]'])
  await expect.poll(terminal.screen).toContain(route === 'hooks' ? 'all results are read' : 'turn 1 finished')
  await terminal.type('/clear')
  await expect.poll(terminal.screen).not.toContain('it runs without me')
  await delegate(terminal)
  await terminal.type('/clear')
  await expect.poll(terminal.screen).not.toContain('it runs without me')
  model.forgetRequests()
  model.release('more')
  await expect.poll(() => model.requestsWith(finished).length).toBeGreaterThan(0)
  const [first = ''] = model.requestsWith(finished)
  expect(first).toContain('the work is done')
  expect(first).not.toMatch(/DELEGATE IT|repeated: /)
  // The hook that wakes Claude said it to the session before, and that of the new prompt says it no second time.
  const [woken = ''] = model.requestsWith(hint)
  expect(woken.split(hint)).toHaveLength(route === 'hooks' ? 2 : 1)
}

/** How many agents end together. */
const together = roundCount(12, 50)

function isProcessing({ status }: { status: string }): boolean {
  return status === 'processing'
}
