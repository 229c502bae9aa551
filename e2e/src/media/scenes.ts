import { untilTrue } from '@subagent-mcp/testkit/patience'
import { setTimeout } from 'node:timers/promises'
import { changeProject } from '../changed-project.js'
import { daemonClient } from '../home-daemons.js'
import { openHost, terminalHosts, type OpenHost } from '../host-in-terminal.js'
import type { HostStage } from '../host-stage.js'
import { openHostTerminal, type HostTerminal } from '../host-terminal.js'
import { serverScript } from '../mcp-host.js'
import { serverEnvironment } from '../server-stage.js'
import type { Frame } from './draw-svg.js'
import { recordTerminal } from './record-terminal.js'

/** The surroundings of a scene: a home without our own files, a project, the model. */
export type Stage = HostStage

const { to, tool: prefix } = terminalHosts.claude

function call(tool: string, input: object): { type: 'tool'; tool: string; input: object } {
  return { type: 'tool', tool: `${prefix}${tool}`, input }
}

/** Claude Code is asked for a review by Codex, goes on, and starts a turn with the findings. */
export async function playReview(stage: Stage): Promise<Frame[]> {
  changeProject(stage.home.cwd)
  const prompt = 'ask Codex to review my changes'
  const finding = '1. cart.js:2 high: an empty cart throws, because reduce has no initial value.'
  stage.model.script([
    {
      match: prompt,
      to,
      steps: [
        call('launch_agent', {
          agent: 'reviewer',
          provider: 'codex',
          changes: 'uncommitted',
          prompt: `Review the changes. [[delay: 3s]] [[say: ${finding}]]`,
        }),
        call('wait', {}),
        { type: 'say', text: 'review: Codex, read-only. You can go on; its findings will come back here.' },
      ],
    },
    {
      match: 'turn 1 finished',
      to,
      steps: [{ type: 'say', text: `Codex wants changes:\n\n${finding}` }],
    },
  ])
  return inClaude(stage, async (terminal) => {
    const recording = recordTerminal(terminal.terminal)
    await type(terminal, prompt)
    await untilTrue(() => terminal.screen().includes('Codex wants changes'))
    await setTimeout(500)
    return recording.stop()
  })
}

/** An agent asks permission for a command in the idle Claude Code that launched it. */
export async function playQuestion(stage: Stage): Promise<Frame[]> {
  const prompt = 'let an agent bring the tests up to date'
  const command = JSON.stringify({ command: 'npm install --save-dev vitest' })
  const launch = { task_category: 'mechanical', provider: 'claude', model: 'sonnet', name: 'tests' }
  stage.model.script([
    {
      match: prompt,
      to,
      steps: [
        call('launch_agent', { ...launch, prompt: `Bring the tests up to date. [[tool: Bash ${command}]]` }),
        call('wait', {}),
        { type: 'say', text: 'An agent does it. You can go on.' },
      ],
    },
  ])
  return inClaude(stage, async (terminal) => {
    await type(terminal, prompt)
    await untilTrue(() => terminal.screen().includes('❯ Accept'))
    return [lastScreen(terminal)]
  })
}

/** Three agents of three providers are at work, and `subagent-mcp ps` lists them. */
export async function showAgents(stage: Stage): Promise<Frame[]> {
  const agents = [
    [
      'login',
      'claude',
      'Let the form say which field is wrong',
      'The form knows its fields; the server does not.',
    ],
    ['review', 'codex', 'Review the changes of this branch', 'Two of five files read.'],
    ['explain', 'gemini', 'Explain how sessions are stored', 'Sessions are rows of a table.'],
  ] as const
  await stage.subagentMcp('daemon', 'start')
  const { home, cwd } = stage.home
  const environment = serverEnvironment(stage.home, {})
  for (const [name, provider, task, text] of agents) {
    await daemonClient(home).launch({
      environment,
      name,
      provider,
      cwd,
      prompt: `${task} [[say: ${text}]] [[hang]]`,
    })
  }
  await stage.model.waitForRequest(({ userText }) => userText?.includes('Explain') === true)
  const terminal = openHostTerminal({
    line: ['sh', '-c', `echo '$ subagent-mcp ps'; '${process.execPath}' '${serverScript}' ps; cat`],
    cwd,
    environment,
    rows: 12,
  })
  await untilTrue(() => terminal.screen().includes('explain'))
  await setTimeout(500)
  const frame = lastScreen(terminal)
  await terminal.close()
  return [frame]
}

/** Sets Claude Code up, opens it beside a running daemon, and closes it after `play`. */
async function inClaude(stage: Stage, play: (terminal: OpenHost) => Promise<Frame[]>): Promise<Frame[]> {
  await stage.subagentMcp('daemon', 'start')
  const terminal = await openHost(stage, 'claude', { rows: 28 })
  try {
    return await play(terminal)
  } finally {
    await terminal.close()
  }
}

/** Types at the speed of a person. */
async function type(terminal: HostTerminal, prompt: string): Promise<void> {
  for (const key of prompt) {
    terminal.press(key)
    await setTimeout(40)
  }
  terminal.press('\r')
}

function lastScreen({ terminal }: HostTerminal): Frame {
  const [frame] = recordTerminal(terminal).stop()
  if (!frame) throw new Error('nothing was recorded')
  return frame
}
