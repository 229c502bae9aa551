import { checkForLeaks, startModelServer, temporaryHome, thorough } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeProject, reviewOfChange } from './changed-project.js'
import { claudePath, cliPathVariables, codexScriptPath, geminiPath } from './cli-paths.js'
import { endDaemons } from './home-daemons.js'
import { answerClaude, startHost, terminalHosts } from './host-in-terminal.js'
import { openHostTerminal } from './host-terminal.js'
import { startRegistry } from './loopback-registry.js'
import { serverEnvironment } from './server-stage.js'

checkForLeaks()

/** Functions that undo the steps below, the last step first. */
const cleanUps: (() => unknown)[] = []
afterAll(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp()
})

async function makeMachine() {
  const registry = await startRegistry()
  cleanUps.push(() => registry.close())
  const model = await startModelServer()
  cleanUps.push(() => model.close())
  const home = temporaryHome({ modelUrl: model.url })
  cleanUps.push(() => home.remove())
  const bin = join(home.home, 'npm/bin')
  mkdirSync(bin, { recursive: true })
  for (const [name, path] of Object.entries({
    claude: claudePath,
    codex: codexScriptPath,
    gemini: geminiPath,
  })) {
    symlinkSync(path, join(bin, name))
  }
  const unset = Object.fromEntries(Object.keys(cliPathVariables).map((name) => [name, undefined]))
  const variables = { ...unset, PATH: [bin, home.environment['PATH']].join(delimiter) }
  return { model, home, variables, registry: registry.url }
}

let machine: Awaited<ReturnType<typeof makeMachine>>
beforeAll(async () => {
  machine = await makeMachine()
})

/** The files of hosts that setup and init write. Claude's state file is not among them, because Claude writes into it itself. */
const writtenFiles = [
  '.claude/settings.json',
  '.codex/config.toml',
  '.codex/hooks.json',
  '.gemini/settings.json',
  'project/AGENTS.md',
  'project/CLAUDE.md',
  'project/GEMINI.md',
]

test(
  '[newcomer] from the packed release in an empty home, setup and two sentences in Claude have Codex review the changes and fix one, one sentence in Codex and in Gemini has Claude answer, and uninstall restores each file',
  thorough,
  async () => {
    const { home } = machine
    useHosts()
    const before = files()
    await command('npm', 'install', '--global', '--prefix', join(home.home, 'npm'), 'subagent-mcp')
    try {
      await answerSetup()
      // A daemon that starts slowly on a busy machine costs Claude its MCP tasks, and the results would come within its turns.
      await command('subagent-mcp', 'daemon', 'start')
      expect(files()).not.toEqual(before)
      await haveReviewed()
      for (const host of ['codex', 'gemini'] as const) await delegate(host)
    } finally {
      await endDaemons(home.home)
    }
    await command('subagent-mcp', 'uninstall', '--yes', '--purge')
    expect(files()).toEqual(before)
    expect(JSON.parse(readFileSync(join(home.home, '.claude.json'), 'utf8'))).not.toHaveProperty(
      'mcpServers.subagent-mcp',
    )
    expect(existsSync(join(home.home, '.subagent-mcp'))).toBe(false)
  },
)

/** The person has used the hosts before in this project, which is a git repository. */
function useHosts(): void {
  const { home, cwd } = machine.home
  answerClaude(machine.home)
  appendFileSync(
    join(home, '.codex/config.toml'),
    `[projects.${JSON.stringify(cwd)}]\ntrust_level = "trusted"\n`,
  )
  writeFileSync(join(cwd, 'AGENTS.md'), 'Use tabs.\n')
  changeProject(cwd)
}

/** Presses Enter at each question of setup. */
async function answerSetup(): Promise<void> {
  const { home, variables } = machine
  const terminal = openHostTerminal({
    line: ['subagent-mcp', 'setup'],
    cwd: home.cwd,
    environment: serverEnvironment(home, variables),
    rows: 80,
  })
  const shown = [
    '✓ Claude Code  signed in',
    'Register subagent-mcp in Claude Code, Codex and Gemini CLI? [Y/n/d]',
    'Install the hooks? [Y/n]',
    'Show agents there? [Y/n]',
    'Wake idle sessions of Codex? [Y/n]',
    'Write it? [Y/n/d]',
    'In Claude Code, say: ask Codex to review my changes',
    'subagent-mcp doctor finds nothing wrong',
  ]
  try {
    for (const text of shown) {
      await expect
        .poll(() => {
          // An answer within the first moments of a question does not count, so that a person can read it.
          if (terminal.cursorLine().endsWith(']')) terminal.press('\r')
          return terminal.screen()
        })
        .toContain(text)
    }
  } finally {
    await terminal.close()
  }
}

const brokenTotal =
  'export const total = (items) => items.map(({ price }) => price).reduce((sum, price) => sum + price)'
const mendedTotal = brokenTotal.replace('sum + price)', 'sum + price, 0)')

/** Has Codex review the changes from Claude, gets the findings without a key pressed, and has Codex fix the first. */
async function haveReviewed(): Promise<void> {
  const { model, home, variables } = machine
  const { to, tool } = terminalHosts.claude
  const call = (name: string, input: object) => ({ type: 'tool' as const, tool: `${tool}${name}`, input })
  const say = (text: string) => ({ type: 'say' as const, text })
  const patch = `*** Begin Patch\n*** Update File: cart.js\n@@\n-${brokenTotal}\n+${mendedTotal}\n*** End Patch`
  const fix = `[[tool: exec ${JSON.stringify(`text(await tools.apply_patch(${JSON.stringify(patch)}))`)}]] [[gate: fixed]] [[say: the sum starts at 0]]`
  const review = { agent: 'reviewer', provider: 'codex', changes: 'uncommitted', prompt: 'Judge my work.' }
  model.script([
    {
      match: 'ask Codex to review my changes',
      to,
      steps: [call('launch_agent', review), call('wait', {}), say('Codex reviews. You can go on.')],
    },
    {
      match: 'Judge my work.',
      to: 'openai',
      steps: [{ type: 'gate', name: 'judged' }, say(JSON.stringify(reviewOfChange))],
    },
    {
      match: 'have Codex fix the first',
      to,
      steps: [
        call('launch_agent', { task_category: 'coding', provider: 'codex', prompt: fix }),
        call('wait', {}),
        say('Codex fixes it.'),
      ],
    },
    {
      match: 'turn 1 finished',
      to,
      steps: (text) => [
        say(text.includes('starts at 0') ? 'Fixed: run your tests' : 'Found: an empty cart throws'),
      ],
    },
  ])
  const terminal = await startHost({ home }, 'claude', { line: ['claude'], variables })
  try {
    await terminal.type('ask Codex to review my changes')
    await expect.poll(terminal.screen).toContain('You can go on.')
    model.release('judged')
    await expect.poll(terminal.screen).toContain('Found: an empty cart throws')
    await terminal.type('have Codex fix the first')
    await expect.poll(terminal.screen).toContain('Codex fixes it.')
    model.release('fixed')
    await expect.poll(terminal.screen).toContain('Fixed: run your tests')
    expect(readFileSync(join(home.cwd, 'cart.js'), 'utf8')).toContain(mendedTotal)
  } finally {
    for (const gate of ['judged', 'fixed']) model.release(gate)
    await terminal.close()
  }
}

/**
 * Opens a host, whose model launches an agent at one sentence and gets its answer. The number of connected hosts says nothing here:
 * the daemon of Codex outlives its terminal, and keeps its connection while Gemini runs.
 */
async function delegate(host: 'codex' | 'gemini'): Promise<void> {
  const { model, home, variables } = machine
  const { to, tool } = terminalHosts[host]
  const sentence = `let Claude count for ${host}`
  const launch = { task_category: 'mechanical', provider: 'claude', prompt: '[[say: it counted to three]]' }
  model.script([
    {
      match: sentence,
      to,
      steps: [
        { type: 'tool', tool: `${tool}launch_agent`, input: launch },
        // The last report of the host before may come again, marked, because that host closed right after it.
        { type: 'tool', tool: `${tool}wait`, input: { until: 'all' } },
        { type: 'say', text: 'Claude has counted' },
      ],
    },
  ])
  const terminal = await startHost({ home }, host, { line: [host], variables })
  try {
    await terminal.type(sentence)
    const isAnswered = ({ bodyText }: { bodyText: string }) =>
      bodyText.includes(sentence) && /turn 1 finished[^]*it counted to three/.test(bodyText)
    await model.waitForRequest(isAnswered)
    await expect.poll(terminal.screen).toContain('Claude has counted')
  } finally {
    await terminal.close()
  }
}

/** The texts of the written files, without the table that Codex appends to its own at its first start. */
function files(): Record<string, string | undefined> {
  const text = (path: string) =>
    existsSync(path) ? readFileSync(path, 'utf8').replace(/\n\[tui\][^]*$/, '') : undefined
  return Object.fromEntries(writtenFiles.map((path) => [path, text(join(machine.home.home, path))]))
}

async function command(name: string, ...args: readonly string[]): Promise<string> {
  const { home, variables, registry } = machine
  const env = serverEnvironment(home, { ...variables, npm_config_registry: registry })
  return (await execa(name, args, { cwd: home.cwd, env, extendEnv: false, input: '' })).stdout
}
