import { untilTrue } from '@subagent-mcp/testkit/patience'
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { claudePath, codexPath, geminiPath } from './cli-paths.js'
import type { HostStage } from './host-stage.js'
import { openHostTerminal, type HostTerminal } from './host-terminal.js'
import { serverEnvironment, type EnvVariables } from './server-stage.js'

/** How each host is started in a terminal, what it shows once it takes a prompt, and how its model names our tools. */
export const terminalHosts = {
  claude: { line: [claudePath], to: 'anthropic', tool: 'mcp__subagent-mcp__', ready: '❯' },
  // Without this option Codex starts a daemon that outlives the test.
  codex: {
    line: [codexPath, '--no-daemon'],
    to: 'openai',
    tool: 'mcp__subagent_mcp.',
    ready: '› Ask Codex',
  },
  gemini: {
    line: [geminiPath, '--approval-mode', 'yolo'],
    to: 'gemini',
    tool: 'mcp_subagent-mcp_',
    ready: 'Type your message',
  },
} as const

export type TerminalHost = keyof typeof terminalHosts

/** A host in its terminal. `type` enters a prompt. */
export type OpenHost = HostTerminal & { type(prompt: string): Promise<void> }

/** Sets a host up, opens it in a terminal with what it asks a new user answered, and waits until it takes a prompt. */
export async function openHost(
  stage: SetUpStage,
  host: TerminalHost,
  start: HostStart = {},
): Promise<OpenHost> {
  if (host === 'claude') {
    answerClaude(stage.home)
    drawNoAnimations(stage.home)
  }
  await stage.subagentMcp('setup', '--host', host, '--yes')
  if (host === 'codex') answerCodex(stage)
  return startHost(stage, host, start)
}

/** Opens a host as `openHost` does, runs a test in it, and closes it. */
export async function inHost(
  stage: SetUpStage,
  host: TerminalHost,
  run: (terminal: OpenHost) => Promise<void>,
  start: HostStart = {},
): Promise<void> {
  const terminal = await openHost(stage, host, start)
  try {
    await run(terminal)
  } finally {
    await terminal.close()
  }
}

/** The steps of a script by which a host's model calls our tools. */
export function toolSteps(host: TerminalHost) {
  const call = (name: string, input: object) =>
    ({ type: 'tool', tool: `${terminalHosts[host].tool}${name}`, input }) as const
  return {
    launch: (prompt: string) =>
      call('launch_agent', { task_category: 'mechanical', provider: 'claude', model: 'sonnet', prompt }),
    wait: call('wait', {}),
  }
}

export const say = (text: string) => ({ type: 'say', text }) as const
export const gate = (name: string) => ({ type: 'gate', name }) as const

type SetUpStage = Pick<HostStage, 'home' | 'subagentMcp' | 'requireServer'>

/** More arguments and environment variables of a host. `line` replaces its command line. `rows` is the height of the terminal. */
type HostStart = {
  line?: readonly string[]
  args?: readonly string[]
  variables?: EnvVariables
  rows?: number
}

/** Opens a host that is set up already in a terminal, and waits until it takes a prompt. */
export async function startHost(
  { home }: Pick<HostStage, 'home'>,
  host: TerminalHost,
  { line, args = [], variables = {}, rows }: HostStart,
): Promise<OpenHost> {
  const { line: ownLine, ready } = terminalHosts[host]
  const environment = serverEnvironment(home, {
    CLAUDE_CODE_MCP_STARTUP_WAIT_MS: '600000',
    GEMINI_CLI_NO_RELAUNCH: 'true',
    ...variables,
  })
  const terminal = openHostTerminal({
    line: [...(line ?? ownLine), ...args],
    cwd: home.cwd,
    environment,
    ...(rows !== undefined && { rows }),
  })
  await untilTrue(() => terminal.screen().includes(ready))
  return {
    ...terminal,
    type: async (prompt) => {
      terminal.press(prompt)
      await untilTrue(() => terminal.screen().includes(prompt))
      // Gemini takes a key that follows at once for pasted text.
      if (host === 'gemini') await setTimeout(500)
      terminal.press('\r')
    },
  }
}

/** Answers in Claude's state file what it asks a new user. */
export function answerClaude({ home, cwd }: HostStage['home']): void {
  const answers = {
    hasCompletedOnboarding: true,
    hasSeenAutoDefaultNotice: true,
    theme: 'dark',
    customApiKeyResponses: { approved: ['dummy'], rejected: [] },
    projects: { [cwd]: { hasTrustDialogAccepted: true } },
  }
  writeFileSync(join(home, '.claude.json'), JSON.stringify(answers))
}

/** Keeps Claude from drawing a spinner many times a second, which a test pays for and does not look at. */
function drawNoAnimations({ home }: HostStage['home']): void {
  const settings = join(home, '.claude/settings.json')
  if (existsSync(settings)) return
  mkdirSync(dirname(settings), { recursive: true })
  writeFileSync(settings, '{ "prefersReducedMotion": true }\n')
}

/** Answers in Codex's config what it asks in a new folder. */
function answerCodex({ home, requireServer }: SetUpStage): void {
  requireServer()
  appendFileSync(
    join(home.home, '.codex/config.toml'),
    `\n[projects.${JSON.stringify(home.cwd)}]\ntrust_level = "trusted"\n`,
  )
}
