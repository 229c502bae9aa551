import { serverScript } from '@subagent-mcp/e2e/mcp-host'
import { temporaryHome, type TemporaryHome } from '@subagent-mcp/testkit'
import { execa } from 'execa'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { quantile, type Figure } from '../figure.js'
import { millisecondsOf } from '../timed.js'

const rounds = 40

/**
 * Time that our hook takes at each event of a host: the command that setup registers, run in a shell. Floor: a Node
 * that does nothing. With orchestration mode off everywhere, the command starts no Node.
 */
export async function hookTime(): Promise<Figure[]> {
  const home = temporaryHome({ modelUrl: 'http://127.0.0.1:9' })
  const ours = (words: readonly string[]) => execa(process.execPath, [serverScript, ...words], options(home))
  await ours(['setup', '--host', 'claude,codex,gemini', '--no-trust', '--yes'])
  const hooks = places.flatMap(({ host, file, tool }) => hooksOf(join(home.home, file), { host, tool }))
  const figures: Figure[] = []
  for (const [mode, most] of [['on', 1.25] as const, ['off', 0.2] as const]) {
    await ours(['mode', mode])
    const times = hooks.map((hook) => ({ ...hook, ours: Array<number>(), floor: Array<number>() }))
    for (let round = 0; round < rounds; round += 1) {
      for (const { ours, floor, ...hook } of times) {
        floor.push(await runMs([process.execPath, '-e', '0'], hook, home))
        ours.push(await runMs(['/bin/sh', '-c', hook.line], hook, home))
      }
    }
    figures.push(
      ...times.map(({ host, event, ours, floor }): Figure => ({
        name: `hook of ${host}, ${event}, mode ${mode}`,
        unit: 'ms',
        n: rounds,
        ours: quantile(ours),
        floor: { name: 'node -e 0', value: quantile(floor) },
        limit: { type: 'ratio', most },
      })),
    )
  }
  home.remove()
  return figures
}

/** The files in which setup registers our hooks, and for each host a tool that the hooks deny. */
const places = [
  { host: 'claude', file: '.claude/settings.json', tool: 'Edit' },
  { host: 'codex', file: '.codex/hooks.json', tool: 'apply_patch' },
  { host: 'gemini', file: '.gemini/settings.json', tool: 'replace' },
]

/**
 * Time that the status line of Claude Code takes, which runs it every few seconds: with agents to show, and with none, when its
 * command starts no Node. Floor: a Node that does nothing.
 */
export async function statusLineTime(): Promise<Figure[]> {
  const home = temporaryHome({ modelUrl: 'http://127.0.0.1:9' })
  const words = ['setup', '--host', 'claude', '--status-line', 'yes', '--yes']
  await execa(process.execPath, [serverScript, ...words], options(home))
  const { statusLine } = Settings.parse(
    JSON.parse(readFileSync(join(home.home, '.claude/settings.json'), 'utf8')),
  )
  const statusFile = join(home.home, '.subagent-mcp/status.json')
  const session = { project: home.cwd, working: 2, asking: 1, finished: 1 }
  const status = { version: 1, process: process.pid, sessions: [session] }
  const input = JSON.stringify({ cwd: home.cwd, workspace: { project_dir: home.cwd } })
  const timed = (command: string, ...args: readonly string[]) =>
    millisecondsOf(() => execa(command, args, { ...options(home), input }))
  const figures: Figure[] = []
  for (const [shown, most] of [['agents', 1.25] as const, ['none', 0.2] as const]) {
    if (shown === 'agents') writeFileSync(statusFile, JSON.stringify(status))
    else rmSync(statusFile)
    const [ours, floor] = [Array<number>(), Array<number>()]
    for (let round = 0; round < rounds; round += 1) {
      floor.push(await timed(process.execPath, '-e', '0'))
      ours.push(await timed('/bin/sh', '-c', statusLine.command))
    }
    figures.push({
      name: `status line of claude, ${shown} to show`,
      unit: 'ms',
      n: rounds,
      ours: quantile(ours),
      floor: { name: 'node -e 0', value: quantile(floor) },
      limit: { type: 'ratio', most },
    })
  }
  home.remove()
  return figures
}

const Settings = z.looseObject({ statusLine: z.looseObject({ command: z.string() }) })

type Hook = { host: string; event: string; tool: string; line: string }

const RegisteredHook = z.looseObject({ command: z.string() })

/** The first hook of an event is the one that the host waits for; another one waits in the background to wake the host. */
const Hooks = z.looseObject({
  hooks: z.record(
    z.string(),
    z.tuple([z.looseObject({ hooks: z.tuple([RegisteredHook]).rest(RegisteredHook) })]),
  ),
})

function hooksOf(path: string, { host, tool }: Pick<Hook, 'host' | 'tool'>): Hook[] {
  const { hooks } = Hooks.parse(JSON.parse(readFileSync(path, 'utf8')))
  return Object.entries(hooks).map(([event, [group]]) => ({
    host,
    event,
    tool,
    line: group.hooks[0].command,
  }))
}

/** Runs a hook and returns its milliseconds. The event is one of a session that already got the directive of the mode. */
function runMs([command, ...args]: Command, { event, tool }: Hook, home: TemporaryHome): Promise<number> {
  const input = JSON.stringify({
    session_id: 'd76641ad-a79e-4236-99cb-6fbf0dfbbdfd',
    cwd: home.cwd,
    hook_event_name: event,
    prompt: 'and now the tests',
    tool_name: tool,
    tool_input: { file_path: join(home.cwd, 'a.ts'), old_string: 'a', new_string: 'b' },
  })
  return millisecondsOf(() => execa(command, args, { ...options(home), input }))
}

type Command = readonly [string, ...string[]]

function options({ cwd, environment }: TemporaryHome) {
  return { cwd, env: environment, extendEnv: false }
}
