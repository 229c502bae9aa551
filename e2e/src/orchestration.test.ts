import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { EnvVariables } from './server-stage.js'
import { claudePath, codexPath, geminiPath } from './cli-paths.js'
import { testEachCli, type Provider } from './each-provider.js'
import { useHostStage } from './host-stage.js'
import { isSoak } from './rounds.js'

const stage = useHostStage()

/** For each host: a start in which it edits without asking, so that only our hook can deny an edit. */
const hosts = {
  claude: {
    to: 'anthropic',
    start: [claudePath, '-p', '--permission-mode', 'acceptEdits'],
    edit: (path: string) => ({ tool: 'Write', input: { file_path: path, content: 'edited' } }),
    denied: 'you change no files yourself',
    modeTool: 'mcp__subagent-mcp__orchestration-mode',
  },
  codex: {
    to: 'openai',
    start: [codexPath, 'exec', '--skip-git-repo-check', '--sandbox', 'danger-full-access'],
    edit: (path: string) => ({
      tool: 'exec',
      input: `text(await tools.exec_command({cmd:${JSON.stringify(`echo edited > ${path}`)}}))`,
    }),
    denied: 'you run no commands yourself',
    modeTool: 'mcp__subagent_mcp.orchestration_mode',
  },
  gemini: {
    to: 'gemini',
    start: [geminiPath, '--approval-mode', 'yolo', '-p'],
    edit: (path: string) => ({ tool: 'write_file', input: { file_path: path, content: 'edited' } }),
    denied: 'you change no files yourself',
    modeTool: 'mcp_subagent-mcp_orchestration-mode',
  },
} as const

/** Words that stand only in the directive of orchestration mode. */
const directiveWords = 'you plan and decide, agents do the work'

testEachCli(
  '[delegate][not-delegated] %s is instructed to delegate and may not edit, but call our tools, unless it is our agent; with the mode off it asks its model as without our hooks',
  { locally: ['claude'] },
  async (name) => {
    const { subagentMcp, requireServer } = stage()
    await subagentMcp('setup', '--host', name, '--yes')
    if (name === 'codex') requireServer()
    await subagentMcp('mode', 'on')
    expect(await session(name)).toContain('its hooks are set up')
    expect(existsSync(edited())).toBe(false)
    const bodies = requests()
    expect(bodies.find((body) => body.includes('DO IT'))).toContain(directiveWords)
    expect(bodies.at(-1)).toContain(hosts[name].denied)
    if (name !== 'gemini' || isSoak) await expectNotDelegated(name)

    await subagentMcp('mode', 'off')
    const off = await firstRequest(name)
    await subagentMcp('setup', '--host', name, '--yes', '--no-hooks')
    expect(difference(await firstRequest(name), off)).toBe('')
    expect(off).not.toContain(directiveWords)
  },
)

/** Expects that a session that is our agent is not instructed to delegate and may edit, while the mode is on. */
async function expectNotDelegated(name: Provider): Promise<void> {
  const seen = requests().length
  // Only the variable marks the session as an agent of ours. Drivers turn hooks off as well.
  await session(name, { SUBAGENT_MCP_DEPTH: '1' })
  expect(readFileSync(edited(), 'utf8')).toContain('edited')
  rmSync(edited())
  const bodies = requests().slice(seen)
  expect(bodies.length).toBeGreaterThan(0)
  for (const body of bodies) expect(body).not.toContain(directiveWords)
}

/** Runs a session whose model edits a file and then asks our server for the mode. Returns its output. */
async function session(name: Provider, variables: EnvVariables = {}): Promise<string> {
  const { to, edit, modeTool } = hosts[name]
  const steps = [
    { type: 'tool', ...edit(edited()) },
    { type: 'tool', tool: modeTool, input: {} },
  ] as const
  const { model, run } = stage()
  model.script([{ match: 'DO IT', to, steps }])
  return (await run([...hosts[name].start, 'DO IT'], variables)).stdout
}

/** Runs a session in which the edit succeeds. Returns its first model request without ids and times. */
async function firstRequest(name: Provider): Promise<string> {
  const seen = requests().length
  await session(name)
  expect(readFileSync(edited(), 'utf8')).toContain('edited')
  rmSync(edited())
  const [first = ''] = requests()
    .slice(seen)
    .filter((body) => body.includes('DO IT'))
  return first
    .replace(/"client_metadata":.*/, '') // more ids, in any order
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid')
    .replaceAll(/"id":"[^"]*"/g, '"id":""')
    .replaceAll(/[0-9a-f]{24,}|\b\d{13}\b/g, 'number')
}

/** The text around the first difference of two texts, or an empty text when there is none. */
function difference(one: string, other: string): string {
  const at = one.split('').findIndex((character, index) => character !== other.charAt(index))
  return at === -1
    ? other.slice(one.length)
    : `${one.slice(at - 100, at + 100)} ~ ${other.slice(at, at + 100)}`
}

function requests(): string[] {
  return stage().model.requests.map(({ bodyText }) => bodyText)
}

function edited(): string {
  return join(stage().home.cwd, 'edited.txt')
}
