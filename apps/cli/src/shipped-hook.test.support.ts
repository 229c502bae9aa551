import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown, type OutputChunk } from 'rolldown'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { z } from 'zod'
import { hookBundle, statusLineBundle, wakeBundle } from '../rolldown.config.js'
import { untilProcessEnds, type RunResult } from './cli-runtime.test.support.js'

let root: string
let built: OutputChunk[]
let builtWatcher: OutputChunk[]
let builtStatusLine: OutputChunk[]

/** The bundle of the hook, and the folders of a test: its own folder, the state folder, and a project. */
export const chunks = () => built
export const watcherChunks = () => builtWatcher
export const statusLineChunks = () => builtStatusLine
export const folder = () => root
export const home = () => join(root, 'home')
export const project = () => join(root, 'project')

/** Builds the hook as it is shipped, once for a test file. Commands that are no hook only print that they ran. */
export function useShippedHook(): void {
  beforeAll(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'hook-')))
    const cwd = fileURLToPath(new URL('..', import.meta.url))
    built = await build(hookBundle, cwd)
    builtWatcher = await build(wakeBundle, cwd)
    builtStatusLine = await build(statusLineBundle, cwd)
    cpSync(join(cwd, 'bin'), join(root, 'bin'), { recursive: true })
    writeFileSync(join(root, 'dist/main.cjs'), "console.log('main')")
    mkdirSync(join(project(), '.git'), { recursive: true })
    mkdirSync(join(project(), 'deeper'))
  })
  afterAll(() => {
    rmSync(root, { recursive: true })
  })
  beforeEach(() => {
    rmSync(home(), { recursive: true, force: true })
  })
}

async function build(
  options: Parameters<typeof rolldown>[0] & { output: object },
  cwd: string,
): Promise<OutputChunk[]> {
  const bundle = await rolldown({ ...options, cwd })
  const { output } = await bundle.write({ ...options.output, dir: join(root, 'dist') })
  return output.filter((part) => part.type === 'chunk')
}

/** Runs a hook of Claude in the project, and returns the words that it adds for the model. */
export async function toldTo(event: {
  hook_event_name: string
  [key: string]: unknown
}): Promise<string | undefined> {
  const { stdout } = await ask(event)
  if (stdout === '') return undefined
  const { hookEventName, additionalContext } = Told.parse(JSON.parse(stdout)).hookSpecificOutput
  expect(hookEventName).toBe(event.hook_event_name)
  return additionalContext
}

const Told = z.strictObject({
  hookSpecificOutput: z.strictObject({ hookEventName: z.string(), additionalContext: z.string() }),
})

export function script(): string {
  return join(root, 'bin/subagent-mcp.js')
}

export function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], SUBAGENT_MCP_HOME: home() }
}

/** Runs a hook of Claude in the project. */
export function ask(event: object, variables: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  return run(['hook', 'claude'], JSON.stringify({ cwd: project(), ...event }), variables)
}

/** Runs the shipped program with an input. */
export function run(
  words: readonly string[],
  input: string,
  variables: NodeJS.ProcessEnv = {},
): Promise<RunResult> {
  const child = spawn(process.execPath, [script(), ...words], {
    env: { ...environment(), ...variables },
    stdio: 'pipe',
  })
  const ran = untilProcessEnds(child)
  return new Promise((resolve, reject) => {
    child.stdin.on('error', reject)
    child.stdin.end(input, () => {
      resolve(ran)
    })
  })
}
