import { omitUndefined, isPathInside } from '@subagent-mcp/contract'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import {
  createHostSetup,
  chooseHostsToSetUp,
  init,
  createRunName,
  openRecords,
  setup,
  chooseStatusLine,
  type BlockOutcome,
  type FileChange,
  type Host,
  type InitPlan,
  type SetupOptions,
  type SetupPlan,
  type SetupResult,
} from '@subagent-mcp/installer'
import { realpathSync } from 'node:fs'
import { getConfigPath, type UserConfig } from '../settings/config.js'
import { readUserSettings } from '../settings/user-settings.js'
import type { Terminal } from '../terminal/terminal.js'
import { findGitRepositoryRoot, isSubagentMcpRepository } from './git-repository.js'
import { findTestCommands, type TestCommand } from './test-commands.js'

/** The state of a machine and a project on which the questions of setup depend. */
export type SetupSituation = {
  options: SetupOptions
  home: string
  /** The hosts in which setup registers subagent-mcp, and those of them that have hooks. */
  hosts: readonly Host[]
  hookedHosts: readonly Host[]
  /** Whether an earlier setup gave these hosts hooks; undefined without one, or if it differs between the hosts. */
  chosenHooks: boolean | undefined
  /** Whether Claude Code shows the status line of subagent-mcp: false also if the user has another one, undefined if setup never asked. */
  statusLine: boolean | undefined
  /** The user's configuration; undefined while it cannot be read, so that nothing is added to it. */
  config: { path: string; read: UserConfig } | undefined
  /** The root of the git repository around the current folder; undefined outside of git, in the home folder and in our own repository. */
  repository: string | undefined
  /** The commands that run the tests of the current project, and its folder; undefined if none were found. */
  tests: { folder: string; commands: readonly TestCommand[] } | undefined
}

/** The effects of an answer to a question of setup: on hooks, the status line, settings in `config.jsonc`, and whether `init` writes its text. */
export type SetupAnswerEffects = {
  hooks?: boolean
  statusLine?: boolean
  settings?: readonly FileChange[]
  init?: boolean
}

/** The files that setup would write: those of hosts with our settings, and the text of `init` if it is wanted. */
export type SetupFilePlan = { setup: SetupPlan; init: InitPlan | undefined }

export type SetupSurroundings = Pick<Terminal, 'environment' | 'cwd' | 'home' | 'now'>

/** Looks at the machine, the project and the user's configuration. Changes nothing. @throws SubagentError where no host was found */
export function inspectForSetup(
  options: SetupOptions,
  { environment, cwd, home, now }: SetupSurroundings,
): SetupSituation {
  const run = createRunName('setup', now())
  const { config, problem } = readUserSettings(environment)
  const hosts = chooseHostsToSetUp(options)
  const hookedHosts = hosts.filter((host) => hasHooks(host, options))
  const chosenHooks = chosenFor(hookedHosts, options)
  const project = findProjectRoot(cwd)
  // What is written for the home folder would count for all projects in it.
  const isProject = !isPathInside(project, realpathSync.native(home))
  const commands = isProject ? findTestCommands(project) : []
  return {
    options: { hooks: chosenHooks ?? true, ...options, run },
    ...{ home, hosts, hookedHosts, chosenHooks, statusLine: chooseStatusLine(options) },
    config: problem === undefined ? { path: getConfigPath(environment), read: config } : undefined,
    repository: isProject && !isSubagentMcpRepository(project) ? findGitRepositoryRoot(cwd) : undefined,
    tests: commands.length > 0 ? { folder: project, commands } : undefined,
  }
}

function hasHooks(host: Host, { machine, server, scope = 'user', project = '' }: SetupOptions): boolean {
  const changes = (hooks: boolean): readonly FileChange[] =>
    host.changes(machine, createHostSetup({ scope, project, hooks, suppressNative: false }, server))
  return changes(true).length > changes(false).length
}

/** Returns whether the hosts got hooks by the records of setup; undefined if that differs between them. */
function chosenFor(hosts: readonly Host[], options: SetupOptions): boolean | undefined {
  const { stateFolder, scope = 'user', project } = options
  const { choices } = openRecords(stateFolder).read()
  const answers = new Set(
    hosts.map(({ id }) => {
      const isSame = (choice: (typeof choices)[number]): boolean =>
        choice.host === id && choice.scope === scope && (scope === 'user' || choice.project === project)
      return choices.find(isSame)?.hooks
    }),
  )
  const [answer] = answers
  return answers.size === 1 ? answer : undefined
}

/** Plans the files that setup writes for all answers. Changes nothing. */
export function planSetupFiles(
  { options, repository }: SetupSituation,
  effects: readonly SetupAnswerEffects[],
): SetupFilePlan {
  const hooks = effects.findLast((effect) => effect.hooks !== undefined)?.hooks
  const statusLine = effects.findLast((effect) => effect.statusLine !== undefined)?.statusLine
  const settings = effects.flatMap((effect) => effect.settings ?? [])
  const isInit = effects.some((effect) => effect.init)
  return {
    setup: setup({ ...options, settings, ...omitUndefined({ hooks, statusLine }) }),
    init: isInit && repository !== undefined ? planInitFiles(options, repository) : undefined,
  }
}

/** The outcome of a setup for the files of hosts and settings, and for those of `init`. */
export type WrittenSetup = { setup: SetupResult; init: readonly BlockOutcome[] }

/** Writes the files of a setup plan. `onAskCodex` is called before Codex is asked about its hooks, which takes about two seconds. */
export async function writeSetupPlan(
  { setup, init }: SetupFilePlan,
  onAskCodex?: () => Promise<void>,
): Promise<WrittenSetup> {
  const written = await setup.apply(onAskCodex)
  return { setup: written, init: init?.apply() ?? [] }
}

/** Plans the text that `init` writes into a git repository, as a part of the setup that `rollback` undoes. */
export function planInitFiles(options: SetupOptions, root: string): InitPlan {
  const { machine, stateFolder, run = '', now } = options
  return init({ machine, stateFolder, run, target: { type: 'project', root }, ...(now && { now }) })
}
