import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { claudePath, codexPath, geminiPath } from './cli-paths.js'
import { testEachCli } from './each-provider.js'
import { useHostStage } from './host-stage.js'

const stage = useHostStage('fake')

/** A time limit of calls, in seconds, that is long enough for one turn of an agent. */
const limit = 12

/** How each host is run with one prompt, and how its user sets the limit. */
const hosts = {
  claude: {
    to: 'anthropic',
    tool: 'mcp__subagent-mcp__',
    line: [claudePath, '-p', '--output-format', 'stream-json', '--verbose'],
    setLimit: () => undefined,
  },
  codex: {
    to: 'openai',
    tool: 'mcp__subagent_mcp.',
    line: [codexPath, 'exec', '--json', '--skip-git-repo-check'],
    setLimit: () => {
      edit('.codex/config.toml', /tool_timeout_sec = 3600/, `tool_timeout_sec = ${limit}`)
    },
  },
  gemini: {
    to: 'gemini',
    tool: 'mcp_subagent-mcp_',
    line: [geminiPath, '--output-format', 'stream-json', '-p'],
    setLimit: () => {
      edit('.gemini/settings.json', /"timeout": *3600000/, `"timeout": ${limit * 1000}`)
    },
  },
} as const

testEachCli(
  '[within-limit] before %s gives a call up, `wait` says what still runs, and a later wait has the report',
  { locally: [] },
  async (name) => {
    const { to, tool, line, setLimit } = hosts[name]
    const { model, run, subagentMcp, requireServer } = stage()
    await subagentMcp('setup', '--host', name, '--yes')
    setLimit()
    if (name === 'codex') requireServer()
    const launch = { task_category: 'mechanical', provider: 'claude', model: 'sonnet' }
    const wait = { type: 'tool', tool: `${tool}wait`, input: {} } as const
    const prompt = '[[gate: work]] [[say: the work is done]]'
    model.script([
      {
        match: 'DELEGATE IT',
        to,
        steps: [
          { type: 'tool', tool: `${tool}launch_agent`, input: { ...launch, prompt } },
          wait,
          wait,
          wait,
        ],
      },
    ])
    const bodies = (): string => model.requests.map(({ bodyText }) => bodyText).join('\n')
    const variables = name === 'claude' ? { MCP_TOOL_TIMEOUT: String(limit * 1000) } : {}
    const session = run([...line, 'DELEGATE IT'], variables)
    // The call ends after most of the limit. The default patience is hardly longer, and was over first on a busy machine.
    await expect
      .poll(bodies, { timeout: 5 * limit * 1000 })
      .toContain(`because this host gives a call up after ${limit} s, 1 still running`)
    model.release('work')
    await session
    expect(bodies()).toMatch(/turn 1 finished/)
    expect(bodies()).not.toMatch(/timed out awaiting|Request timed out/)
  },
)

/** Replaces a setting of a host's file, and the limit in the environment of our server. */
function edit(path: string, setting: RegExp, value: string): void {
  const file = join(stage().home.home, path)
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(setting)
  expect(text).toMatch(stated)
  writeFileSync(file, text.replace(setting, value).replace(stated, `$1${limit}"`))
}

const stated = /(SUBAGENT_MCP_CALL_LIMIT"?\s*[=:]\s*")3600"/
