import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { findHostsWithOurHooks, hosts, describeThisMachine, type HostMachine } from '@subagent-mcp/installer'
import {
  openModeStore,
  type HookedHost,
  type StoredOrchestrationMode,
  type ModeStore,
} from '@subagent-mcp/orchestration'
import { resolveFolder } from '@subagent-mcp/runtime'
import { createFlagExcludesRule } from '../../command/arg-rules.js'
import {
  choiceArgSchema,
  jsonFlag,
  textArgSchema,
  timeSpanArgSchema,
  booleanArgSchema,
} from '../../command/arg-schemas.js'
import { exitCode } from '../../exit.js'
import { getStateFolderPath } from '../../settings/state-folder.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { formatLocalDateTime, formatShortPath } from '../../terminal/format.js'
import { printJson } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'
import { cutSafeLine } from '../../terminal/text.js'

const yearSeconds = 365 * 86_400

export const modeCommand = defineTerminalCommand(
  {
    description: 'Turn orchestration mode on or off: while on, hosts only plan, and agents do the work',
    examples: ['mode on --expire 8h', 'mode status --all'],
    words: {
      state: choiceArgSchema(
        ['on', 'off', 'status'],
        'Turn the mode on or off, or print whether it is on',
      ).default('status'),
    },
    flags: {
      project: textArgSchema('folder', 'Folder of the project (default: the current folder)').exactOptional(),
      expire: timeSpanArgSchema(
        'With on: turn the mode off after this time, as in 90m, 8h or 7d, at most 365d',
      )
        .refine((seconds) => seconds > 0 && seconds <= yearSeconds, 'takes a time above 0 and up to 365d')
        .exactOptional(),
      all: booleanArgSchema('With status: list every project in which the mode is on'),
      json: jsonFlag,
    },
    rules: [createFlagExcludesRule('all', ['project'])],
    check: ({ state, expire, all }) => {
      if (expire !== undefined && state !== 'on') return '--expire needs on'
      return all && state !== 'status' ? '--all needs status' : undefined
    },
  },
  async ({ state, project: folder, expire, all, json }, terminal) => {
    const { environment, cwd, now, stdout, stderr } = terminal
    const store = openModeStore({ stateFolder: getStateFolderPath(environment), now })
    store.tidy()
    const project = findProjectRoot(resolveFolder(folder, cwd))
    if (state === 'on') turnOn(project, expire, { store, terminal })
    if (state === 'off') store.turnOff(project)
    const reports = (all ? [...store.all().keys()] : [project]).map((each) =>
      readMode(each, { store, environment, machine: describeThisMachine(terminal) }),
    )
    if (json) await printJson(terminal, all ? reports : reports[0])
    else if (reports.length === 0) await stderr.print('orchestration mode is on in no project\n')
    else await stdout.print(reports.map((report) => modeText(report, terminal)).join(''))
    return exitCode.done
  },
)

function turnOn(
  project: string,
  expire: number | undefined,
  { store, terminal: { now, environment } }: { store: ModeStore; terminal: Terminal },
): void {
  const session = environment['CLAUDE_CODE_SESSION_ID']
  store.turnOn(project, {
    by: 'terminal',
    ...(session && { session }),
    ...(expire !== undefined && { expires: now() + expire * 1000 }),
  })
}

/** The mode of a project; while it is on also the hosts with hooks that enforce it. */
type ProjectMode =
  | { project: string; on: false }
  | ({ project: string; on: true; hooks: readonly HookedHost[] } & StoredOrchestrationMode)

function readMode(
  project: string,
  { store, environment, machine }: { store: ModeStore; environment: NodeJS.ProcessEnv; machine: HostMachine },
): ProjectMode {
  const entry = store.status(project)
  return entry === undefined
    ? { project, on: false }
    : {
        project,
        on: true,
        ...entry,
        hooks: findHostsWithOurHooks(getStateFolderPath(environment), project, machine),
      }
}

function modeText(mode: ProjectMode, { home }: Terminal): string {
  const project = cutSafeLine(formatShortPath(mode.project, home), longestPath)
  if (!mode.on) return `orchestration mode is off for ${project}\n`
  const { since, by, expires, hooks } = mode
  const until = expires === undefined ? '' : `, until ${formatLocalDateTime(expires)}`
  const labels = hosts.flatMap(({ id, label }) => (hooks.some((hook) => hook === id) ? [label] : []))
  const enforcement =
    hooks.length > 0
      ? `hooks enforce it in ${labels.join(', ')}`
      : 'nothing enforces it: no host has our hooks here; subagent-mcp setup registers them'
  return (
    `orchestration mode is on for ${project} since ${formatLocalDateTime(since)}, by ${cutSafeLine(by, longestName)}${until}\n` +
    `  ${enforcement}\n`
  )
}

const longestPath = 4096
const longestName = 80
