import { claudePath } from '@subagent-mcp/e2e/cli-paths'
import { endDaemons } from '@subagent-mcp/e2e/home-daemons'
import { openHost, terminalHosts } from '@subagent-mcp/e2e/host-in-terminal'
import { hostStageOf } from '@subagent-mcp/e2e/host-stage'
import { serverScript } from '@subagent-mcp/e2e/mcp-host'
import {
  installFakeClaude,
  startModelServer,
  temporaryHome,
  type Fake,
  type ModelServer,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { untilTrue } from '@subagent-mcp/testkit/patience'
import { execa } from 'execa'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { quantile, type Figure, type RunLength } from '../figure.js'

/**
 * Time from the end of an agent to the request of an idle, real Claude that holds its result, for each way in which results come
 * back by themselves. The agents are fakes that end within 20 ms after the test has opened their gate. The floor is a command
 * that Claude itself runs in the background, from its end to the request that mentions it.
 */
export async function wakeLatency(length: RunLength): Promise<Figure[]> {
  const rounds = length === 'full' ? 20 : 3
  const floor = await timesOf({ name: 'own', open: openTerminal, isOwnCommand: true }, rounds)
  const figures: Figure[] = []
  for (const { limit, ...route } of routes) {
    const times = await timesOf(route, rounds)
    for (const [part, label] of [
      [0.5, 'p50'],
      [0.95, 'p95'],
    ] as const)
      figures.push({
        name: `agent ended → Claude's request, ${route.name}, ${label}`,
        unit: 'ms',
        n: rounds,
        ours: quantile(times, part),
        floor: { name: "Claude's own background command", value: quantile(floor, part) },
        ...(limit !== undefined && { limit: { type: 'amount', most: limit } }),
      })
  }
  return figures
}

/** A Claude session. `say` sends a prompt; it returns when the turn has ended, unless the turn waits for the agent. */
type Session = { say(prompt: string, ended: string | undefined): Promise<void>; close(): Promise<void> }
type Stage = { model: ModelServer; home: TemporaryHome; fake: Fake }
type Route = {
  name: string
  open: (stage: Stage, variables: Record<string, string>) => Promise<Session>
  variables?: Record<string, string>
  /** Whether the model calls `wait` in the turn of the launch. */
  waits?: boolean
  /** Whether that turn ends before the agent does. Default: yes. */
  blocks?: boolean
  /** The model starts a command in the background instead of an agent. */
  isOwnCommand?: boolean
}

const noTasks = { CLAUDE_CODE_DISABLE_MCP_TASKS: '1' }

/** The limit of MCP tasks is the interval in which a host asks for a task, and 250 ms. */
const routes: readonly (Route & { limit?: number })[] = [
  { name: 'MCP tasks', open: openTerminal, waits: true, limit: 1_250 },
  { name: 'hooks', open: openTerminal, variables: noTasks },
  { name: 'blocking wait', open: openTerminal, variables: noTasks, waits: true, blocks: true },
  {
    name: 'claude -p, wait in the background',
    open: openHeadless,
    variables: { CLAUDE_AUTO_BACKGROUND_TASKS: '1', CLAUDE_CODE_MCP_AUTO_BACKGROUND_MS: '500' },
    waits: true,
  },
]

async function timesOf(route: Route, rounds: number): Promise<number[]> {
  const model = await startModelServer()
  const home = temporaryHome({ modelUrl: model.url })
  const stage: Stage = { model, home, fake: installFakeClaude('well') }
  const { variables = {}, blocks = false } = route
  script(stage, route)
  const own = { ...variables, SUBAGENT_MCP_CLAUDE_PATH: stage.fake.executable }
  await hostStageOf(home).run([process.execPath, serverScript, 'daemon', 'start'], own)
  const session = await route.open(stage, own)
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    await session.say(`ROUND ${round} BEGINS`, blocks ? undefined : `round ${round} is launched`)
    // The end of an agent has nothing to do with the time at which its host asks.
    await delay(1_500 + Math.random() * 1_000)
    const isTold = route.isOwnCommand
      ? new RegExp(String.raw`round ${round}\\" completed`)
      : new RegExp(String.raw`\\nanswer ${round}\\n`)
    const told = model.waitForRequest(({ bodyText }) => isTold.test(bodyText))
    const began = performance.now()
    stage.fake.release(String(round))
    writeFileSync(join(home.cwd, `gate-${round}`), '')
    await told
    times.push(performance.now() - began)
    model.forgetRequests()
  }
  await session.close()
  await endDaemons(home.home)
  await model.close()
  home.remove()
  stage.fake.remove()
  return times
}

function script({ model }: Stage, { waits = false, isOwnCommand = false }: Route): void {
  const { to, tool } = terminalHosts.claude
  const wait = { type: 'tool', tool: `${tool}wait`, input: {} } as const
  const begin = (round: string) => {
    const command = `until [ -e gate-${round} ]; do sleep 0.02; done`
    if (isOwnCommand) {
      const input = { command, description: `round ${round}`, run_in_background: true }
      return [{ type: 'tool', tool: 'Bash', input } as const]
    }
    const prompt = `[[gate: ${round}]] [[say: answer ${round}]]`
    const input = { task_category: 'mechanical', provider: 'claude', model: 'sonnet', prompt }
    return [{ type: 'tool', tool: `${tool}launch_agent`, input } as const, ...(waits ? [wait] : [])]
  }
  const said = { type: 'say', text: 'the result is read' } as const
  model.script([
    {
      match: /ROUND \d+ BEGINS/,
      to,
      steps: (text) => {
        const [, round = ''] = /ROUND (\d+) BEGINS/.exec(text) ?? []
        return [...begin(round), { type: 'say', text: `round ${round} is launched` }]
      },
    },
    { match: 'call `wait` of subagent-mcp', to, steps: [wait, said] },
    { match: '<task-notification>', to, steps: [said] },
  ])
}

async function openTerminal({ home }: Stage, variables: Record<string, string>): Promise<Session> {
  const args = ['--allowedTools', 'Bash']
  const { type, screen, close } = await openHost(hostStageOf(home), 'claude', { variables, args })
  return {
    say: async (prompt, ended) => {
      await type(prompt)
      if (ended !== undefined) await untilTrue(() => screen().includes(ended))
    },
    close,
  }
}

async function openHeadless({ home }: Stage, variables: Record<string, string>): Promise<Session> {
  const stage = hostStageOf(home)
  await stage.subagentMcp('setup', '--host', 'claude', '--yes')
  const args = ['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose']
  const claude = execa(claudePath, args, {
    cwd: home.cwd,
    env: { ...home.environment, CLAUDE_CODE_MCP_STARTUP_WAIT_MS: '600000', ...variables },
    extendEnv: false,
    stderr: 'ignore',
    buffer: false,
  })
  let said = ''
  claude.stdout.on('data', (piece: Buffer) => (said += String(piece)))
  return {
    say: async (prompt, ended) => {
      const message = { type: 'user', message: { role: 'user', content: prompt } }
      claude.stdin.write(`${JSON.stringify(message)}\n`)
      if (ended !== undefined) await untilTrue(() => said.includes(ended))
    },
    close: async () => {
      claude.stdin.end()
      await claude
    },
  }
}
