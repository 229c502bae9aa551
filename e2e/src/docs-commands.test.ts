import {
  checkForLeaks,
  installFakeClaude,
  installFakeCodex,
  temporaryHome,
  thorough,
} from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { changeProject } from './changed-project.js'
import { daemonClient, endDaemons } from './home-daemons.js'
import { serverScript } from './mcp-host.js'
import { startWorker } from './worker-process.js'

checkForLeaks()

const root = join(dirname(serverScript), '../../..')

const pages = [
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  'README.md',
  'apps/cli/README.md',
]

/** The blocks of shell commands, by page. A comment before a block says why it is not run, as in `<!-- not run: it … -->`. */
const blocks = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/(<!-- not run: .+ -->\n)?^```sh\n(.*?)^```/gms)]
    .filter(([, mark]) => mark === undefined)
    .map(([, , text = '']) => ({ page, first: text.split('\n')[0], text })),
)

/**
 * Lines that only a person at a terminal can use, or that last until something else happens, such as the worker that
 * `prepare` starts. `npm test` is what runs this test, and `demo.test.ts` runs the demo.
 */
const lasting =
  / -f\b| --watch\b|^(.*&& )?subagent-mcp (top|ui|attach|setup|chat wait|worker\b(?!.*--detach))\b|^npm (test|run demo)\b/

/** Exit codes of lines that do not end with 0 here: a fake CLI has no words for these prompts, and no host is set up. */
const otherEnds: readonly (readonly [RegExp, number])[] = [
  [/^subagent-mcp chat send (app|api) /, 1],
  [/^subagent-mcp doctor /, 1],
  [/^subagent-mcp review /, 3],
  [/ --output-schema /, 3],
]

let stage: { home: string; cwd: string; environment: Record<string, string> }
const cleanUps: (() => unknown)[] = []

beforeAll(() => {
  const home = temporaryHome({ modelUrl: '' })
  const [claude, codex] = [installFakeClaude('well'), installFakeCodex('well')]
  cleanUps.push(() => endDaemons(home.home), claude.remove, codex.remove, home.remove)
  const bin = join(home.home, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'subagent-mcp'), `#!/bin/sh\nexec "${process.execPath}" "${serverScript}" "$@"\n`)
  chmodSync(join(bin, 'subagent-mcp'), 0o755)
  const environment = {
    ...home.environment,
    PATH: [bin, home.environment['PATH']].join(delimiter),
    npm_config_prefix: join(home.home, 'npm'),
    SUBAGENT_MCP_CLAUDE_PATH: claude.executable,
    SUBAGENT_MCP_CODEX_PATH: codex.executable,
  }
  stage = { ...home, environment }
  makeProject(home.cwd)
  writeConfiguration(home.home)
})
afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp()
})

/** The fakes have one model, which does not take the efforts of the default table. A message is tried once. */
function writeConfiguration(home: string): void {
  const candidates = [{ provider: 'claude' }, { provider: 'codex' }]
  const used = ['fallback_default', 'debugging', 'quality_review']
  const categories = Object.fromEntries(used.map((name) => [name, { candidates }]))
  mkdirSync(join(home, '.subagent-mcp'))
  writeFileSync(join(home, '.subagent-mcp/routing.jsonc'), JSON.stringify({ categories }))
  writeFileSync(join(home, '.subagent-mcp/config.jsonc'), '{ "mailbox": { "maxTries": 1 } }')
}

/** A project with all that the lines name: files, branches, a batch, and test commands that may run. */
function makeProject(cwd: string): void {
  changeProject(cwd)
  for (const name of ['shot.png', 'after.png', 'styles.css']) writeFileSync(join(cwd, name), 'a')
  writeFileSync(join(cwd, 'package.json'), '{ "private": true, "scripts": { "test": "exit 0" } }')
  writeFileSync(join(cwd, 'tasks.jsonl'), '{"prompt": "one", "provider": "codex"}\n')
}

describe('[docs-commands] the commands of the docs run', thorough, () => {
  test.each(blocks)('$page: $first', async ({ text }) => {
    const done = await prepare(text)
    try {
      for (const line of linesOf(text)) {
        const { exitCode, all } = await shell(await withIds(line))
        const [, end = 0] = otherEnds.find(([pattern]) => pattern.test(line)) ?? []
        expect({ line, exitCode, all }).toEqual({ line, exitCode: end, all })
      }
    } finally {
      await done?.()
    }
  })
})

/** The lines that can run. A block without a command of ours is one script, in which a `cd` holds for what follows. */
function linesOf(text: string): string[] {
  const lines = text
    .replaceAll(/ \\\n */g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#') && !lasting.test(line))
  return text.includes('subagent-mcp') ? lines : [['set -e', ...lines].join('\n')]
}

async function shell(line: string) {
  const { environment } = stage
  const cwd = line.startsWith('npm ') ? root : stage.cwd
  const options = { cwd, env: environment, extendEnv: false, reject: false, input: '', all: true } as const
  return execa('/bin/sh', ['-c', line], options)
}

/** Starts what the lines of a block need: the agent `web`, one that asks twice, or the worker `app` or `api`. */
async function prepare(text: string): Promise<(() => Promise<unknown>) | undefined> {
  await shell(branches)
  if (text.includes(' send web ')) await shell('subagent-mcp run "hello" --provider claude --name web')
  if (text.includes('<request>')) await launchAsking()
  const worker = / send (app|api) /.exec(text)?.[1]
  return worker === undefined ? undefined : await startWorkerOf(worker)
}

/** Starts a worker in a folder of this name. Resolves to what ends it. */
async function startWorkerOf(name: string): Promise<() => Promise<unknown>> {
  const folder = join(stage.home, name)
  mkdirSync(folder)
  const worker = startWorker({ ...stage, folder }, ['--provider', 'claude'])
  await worker.ready()
  return () => worker.kill('SIGTERM')
}

/** A branch `main`, staged and unstaged changes, and a branch `topic` with a commit of its own. */
const branches = `git branch -M main && echo >> cart.js && git add . && echo >> cart.js &&
  git branch --force topic $(git -c user.name=a -c user.email=a@example.org commit-tree -p HEAD -m a $(git write-tree))`

/** Launches an agent that asks for permission to run a command, and then for another. */
async function launchAsking(): Promise<void> {
  const { cwd, environment } = stage
  const call = '[[tool: Bash {"command":"node build.js"}]]'
  await shell('subagent-mcp daemon start')
  await daemonClient(stage.home).launch({ prompt: `${call} ${call}`, provider: 'claude', cwd, environment })
  await expect.poll(openRequest).toBeDefined()
}

async function openRequest() {
  return (await daemonClient(stage.home).permissions()).at(-1)
}

const Ids = z.array(z.looseObject({ id: z.string() }))

/** Puts the newest agent, its permission request, and the newest thread of messages into a line. */
async function withIds(line: string): Promise<string> {
  if (!/<id>|<request>|k3f9/.test(line)) return line
  if (line.includes(' deny ')) await expect.poll(openRequest).toBeDefined()
  const request = await openRequest()
  const newest = line.includes(' thread ')
    ? Ids.parse(JSON.parse((await shell('subagent-mcp chat threads --json')).stdout))[0]?.id
    : (request?.agentId ?? Ids.parse(JSON.parse((await shell('subagent-mcp ps --all --json')).stdout))[0]?.id)
  return line.replaceAll(/<id>|k3f9/g, newest ?? '').replaceAll('<request>', request?.requestId ?? '')
}
