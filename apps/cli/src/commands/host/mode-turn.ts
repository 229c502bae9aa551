import { projectOf } from '@subagent-mcp/driver-kit'
import { hookedHosts } from '@subagent-mcp/installer'
import { openModeStore, type ModeStore } from '@subagent-mcp/orchestration'
import { exitCode } from '../../exit.js'
import { homeFolder } from '../../settings/home-folder.js'
import { existingFolder } from '@subagent-mcp/runtime'
import type { Terminal } from '../../terminal/terminal.js'
import { describeMode, type ModeReport } from './mode-report.js'

/** What becomes of orchestration mode, and in which project; `expire` in seconds. */
export type ModeOrder = { project?: string; json: boolean } & (
  | { word: 'on'; expire?: number }
  | { word: 'off' }
  | { word: 'status'; all: boolean }
)

/** Turns the mode of a project as it was told to, and tells what it is now. @throws SubagentError */
export async function turnMode(order: ModeOrder, terminal: Terminal): Promise<number> {
  const { environment, cwd, now, stdout } = terminal
  const store = openModeStore({ stateFolder: homeFolder(environment), now })
  store.tidy()
  if (order.word === 'status' && order.all) return tellAll(store, order, terminal)
  const project = projectOf(existingFolder(order.project, cwd))
  turn(order, { store, project, terminal })
  const report = reportOn(project, { store, environment })
  await stdout.print(order.json ? inJson(report) : describeMode(report, terminal))
  return exitCode.done
}

function turn(
  order: ModeOrder,
  { store, project, terminal }: { store: ModeStore; project: string; terminal: Terminal },
): void {
  if (order.word === 'off') store.turnOff(project)
  if (order.word !== 'on') return
  const { now, environment } = terminal
  const session = environment['CLAUDE_CODE_SESSION_ID']
  store.turnOn(project, {
    by: 'terminal',
    ...(session && { session }),
    ...(order.expire !== undefined && { expires: now() + order.expire * 1000 }),
  })
}

async function tellAll(store: ModeStore, { json }: ModeOrder, terminal: Terminal): Promise<number> {
  const { environment, stdout, stderr } = terminal
  const reports = [...store.all().keys()].map((project) => reportOn(project, { store, environment }))
  if (json) await stdout.print(inJson(reports))
  else if (reports.length === 0) await stderr.print('orchestration mode is on nowhere\n')
  else await stdout.print(reports.map((report) => describeMode(report, terminal)).join(''))
  return exitCode.done
}

function reportOn(
  project: string,
  { store, environment }: { store: ModeStore; environment: NodeJS.ProcessEnv },
): ModeReport {
  const entry = store.status(project)
  return entry === undefined
    ? { project, on: false }
    : { project, on: true, ...entry, hooks: hookedHosts(homeFolder(environment), project) }
}

function inJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
