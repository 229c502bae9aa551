import {
  checkForLeaks,
  startModelServer,
  temporaryHome,
  type ModelServer,
  type TemporaryHome,
} from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { arenaEnvironment } from './arena.js'
import { claudePath, codexPath, geminiPath } from './cli-paths.js'
import { endDaemons } from './end-daemon.js'
import { serverScript } from './play-host.js'

checkForLeaks()

let model: ModelServer
let home: TemporaryHome
beforeEach(async () => {
  model = await startModelServer()
  home = temporaryHome({ modelUrl: model.url })
})
afterEach(async () => {
  await endDaemons(home.home)
  await model.close()
  home.remove()
})

/** The files that setup writes for these three. */
const wiredFiles = [
  '.claude.json',
  '.claude/settings.json',
  '.codex/config.toml',
  '.codex/hooks.json',
  '.gemini/settings.json',
]

test('[wired] the hosts say that our server is there, twice set up is once, and uninstalled it is gone', async () => {
  // Of its own accord claude writes into its state file: that it does now, and not after setup alone.
  await run(claudePath, ['mcp', 'list'])
  const before = files()
  await setup()
  const wired = files()
  expect(await setup()).toContain('all of it is there already: nothing to write')
  expect(files()).toEqual(wired)
  expect(await run(claudePath, ['mcp', 'list'])).toMatch(/^subagent-mcp: .* serve - ✔ Connected$/m)
  expect(await geminiServers()).toMatch(/✓ subagent-mcp: .* serve \(stdio\) - Connected/)
  expect(JSON.parse(await run(codexPath, ['mcp', 'get', 'subagent-mcp', '--json']))).toMatchObject({
    enabled: true,
    transport: { type: 'stdio', command: process.execPath, args: [serverScript, 'serve'] },
    tool_timeout_sec: 3600,
  })
  await ours(['uninstall', '--yes'])
  const { '.claude.json': state, ...rest } = files()
  expect(state).not.toContain('subagent-mcp')
  expect(rest).toEqual({ ...before, '.claude.json': undefined })
  expect(await run(claudePath, ['mcp', 'list'])).not.toContain('subagent-mcp')
  expect(await run(codexPath, ['mcp', 'list'])).not.toContain('subagent-mcp')
  expect(await geminiServers()).not.toContain('subagent-mcp')
})

test('[unwired] files of users get every byte back', async () => {
  const before = {
    '.claude.json': '{"numStartups": 3,\n\t"mcpServers": {"x": {"command": "true"}}}',
    '.claude/settings.json': '\uFEFF{\r\n\t"permissions": { "allow": [] }\r\n}\r\n',
    '.codex/config.toml': `# mine\r\n${read('.codex/config.toml')?.replaceAll('\n', '\r\n')}\r\n[mcp_servers.x] # other\r\ncommand = "true"`,
    '.codex/hooks.json':
      '{ "hooks": { "Stop": [{ "hooks": [{ "type": "command", "command": "true" }] }] } }\n',
    '.gemini/settings.json': read('.gemini/settings.json')?.replace('{', '{ // mine\n '),
  }
  for (const [path, text] of Object.entries(before)) write(path, text ?? '')
  await setup()
  for (const path of wiredFiles) expect(read(path)).toContain('subagent-mcp')
  expect(await run(codexPath, ['mcp', 'list'])).toContain('subagent-mcp')
  await ours(['uninstall', '--yes'])
  expect(files()).toEqual(before)
})

/** How a session calls one of our tools, and how it is started for one prompt. */
const sessions = {
  claude: { to: 'anthropic', tool: 'mcp__subagent-mcp__', command: claudePath, args: ['-p'] },
  codex: {
    to: 'openai',
    tool: 'mcp__subagent_mcp.',
    command: codexPath,
    args: ['exec', '--skip-git-repo-check'],
  },
  gemini: { to: 'gemini', tool: 'mcp_subagent-mcp_', command: geminiPath, args: ['-p'] },
} as const

test.each(Object.entries(sessions))(
  '[wired-session] a session of %s launches an agent, waits, and has its answer',
  async (_, { to, tool, command, args }) => {
    await setup()
    // Else Codex asks its model before it knows our tools, and a script calls them all the same.
    if (to === 'openai') requireOurs()
    const launch = { task_category: 'mechanical', provider: 'claude', model: 'sonnet' }
    model.script([
      {
        match: 'DELEGATE IT',
        to,
        steps: [
          {
            type: 'tool',
            tool: `${tool}launch_agent`,
            input: { ...launch, prompt: '[[say: pong from below]]' },
          },
          { type: 'tool', tool: `${tool}wait`, input: {} },
        ],
      },
    ])
    expect(await run(command, [...args, 'DELEGATE IT'])).toMatch(
      /agent \w+ turn 1 finished[^]*pong from below/,
    )
  },
)

test('[wired-session] codex runs our hooks, for it trusts them', async () => {
  await setup()
  const { stderr } = await start(codexPath, ['exec', '--skip-git-repo-check', '[[say: hello]]'])
  expect(stderr).toContain('hook: SessionStart Completed')
  expect(stderr).toContain('hook: UserPromptSubmit Completed')
})

/** Has Codex begin no turn before our server is there. */
function requireOurs(): void {
  const header = '[mcp_servers.subagent-mcp]\n'
  write('.codex/config.toml', `${read('.codex/config.toml')?.replace(header, `${header}required = true\n`)}`)
}

/** It lists them on stderr. */
async function geminiServers(): Promise<string> {
  return (await start(geminiPath, ['mcp', 'list'])).stderr
}

/** Runs our own command. */
function ours(words: readonly string[]): Promise<string> {
  return run(process.execPath, [serverScript, ...words])
}

function setup(): Promise<string> {
  return ours(['setup', '--host', 'claude,codex,gemini', '--yes'])
}

async function run(command: string, args: readonly string[]): Promise<string> {
  return (await start(command, args)).stdout
}

function start(command: string, args: readonly string[]) {
  return execa(command, args, {
    cwd: home.cwd,
    // Gemini would start itself anew for more memory.
    env: arenaEnvironment(home, { GEMINI_CLI_NO_RELAUNCH: 'true' }),
    extendEnv: false,
    input: '',
  })
}

/** What is in the files that setup writes; `undefined` where there is none. */
function files(): Record<string, string | undefined> {
  return Object.fromEntries(wiredFiles.map((path) => [path, read(path)]))
}

function read(path: string): string | undefined {
  const file = join(home.home, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(home.home, path)), { recursive: true })
  writeFileSync(join(home.home, path), text)
}
