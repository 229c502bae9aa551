import { explainUnusableAccount, describeAccount, type AccountsAndDrivers } from '@subagent-mcp/core'
import { isGuardedAgent } from '@subagent-mcp/driver-acp'
import { openRecords } from '@subagent-mcp/installer'
import { existsSync } from 'node:fs'
import { getConfigPath, readUserConfig } from '../settings/config.js'
import { getStateFolderPath } from '../settings/state-folder.js'
import { readRoutingFiles } from '../settings/routing-files.js'
import { getUserHomeFolder } from '@subagent-mcp/definitions'
import { readUserSettings } from '../settings/user-settings.js'
import { openUserWorktrees } from '../settings/worktree-settings.js'
import { formatMegabytes, formatCountWithNoun, formatShortPath } from '../terminal/format.js'
import {
  createNoteFinding,
  createOkFinding,
  type DoctorContext,
  type DoctorFinding,
} from './run-doctor-checks.js'
import { describeProviderCliFix, probeProviderClis, type ProviderCli } from './provider-clis.js'

/** Checks that Node is new enough. Package managers only warn when `engines` of the package is not met. */
export function checkNodeVersion({ node }: DoctorContext): DoctorFinding[] {
  if (isAtLeast(node, oldestNodeVersion)) return [createOkFinding(node)]
  const what = `${node} is too old: ${oldestNodeVersion} is the oldest that works`
  return [{ severity: 'error', what, mend: 'install a newer Node.js from https://nodejs.org' }]
}

export const oldestNodeVersion = '20.19'

function isAtLeast(version: string, oldest: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number)
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
}

/** Checks the user's configuration and routing table. @throws SubagentError that names the file and the line */
export function checkConfiguration({ drivers, environment, project }: DoctorContext): DoctorFinding[] {
  const { acpAgents, accounts } = readUserConfig(environment)
  readRoutingFiles(project, environment)
  const path = getConfigPath(environment)
  const unguarded = acpAgents.filter((agent) => !isGuardedAgent(agent)).map(({ id }) => id)
  const found = [
    createOkFinding(existsSync(path) ? path : `defaults: there is no ${path}`),
    ...accountFindings({ accounts, drivers }, environment),
  ]
  if (unguarded.length === 0) return found
  const what = `a project's files may start programs in ${unguarded.join(', ')}`
  return [...found, createOkFinding(`${what}: this cannot be prevented, as we do not know its switches`)]
}

/** Checks for each account of the configuration whether a CLI is signed in with its folder. */
function accountFindings(parts: AccountsAndDrivers, environment: NodeJS.ProcessEnv): DoctorFinding[] {
  return Object.entries(parts.accounts).map(([name, { provider, folder }]) => {
    const used = { provider, name }
    const obstacle = explainUnusableAccount(parts, environment, used)
    if (!obstacle) return createOkFinding(`${describeAccount(used)}: ${folder}`)
    return { severity: 'warning', what: obstacle.message, mend: describeProviderCliFix(provider, obstacle) }
  })
}

/** Lists the hosts in the records of setup; says nothing before the first setup, because the check of hosts does. @throws SubagentError for records that cannot be read */
export function checkSetupRecord({ environment }: DoctorContext): DoctorFinding[] {
  const { choices } = openRecords(getStateFolderPath(environment)).read()
  const ids = new Set(choices.map(({ host }) => host))
  return ids.size === 0 ? [] : [createOkFinding(`setup has registered ${[...ids].join(', ')}`)]
}

/** Checks which CLIs can run agents: whether each is found, its version, and whether it is signed in. One is enough. */
export async function checkProviderClis({ drivers, environment }: DoctorContext): Promise<DoctorFinding[]> {
  const clis = await probeProviderClis(drivers, environment)
  const findings = clis.map(findingOf)
  if (clis.some(({ type }) => type === 'usable')) return findings
  const installed = clis.filter((cli) => cli.type === 'unusable' && cli.failure.reason !== 'not-installed')
  const mend =
    installed.length > 0
      ? `sign in to one of ${installed.map(({ id }) => id).join(', ')}`
      : `install one of ${[...drivers.keys()].join(', ')}, and sign in to it`
  return [...findings, { severity: 'error', what: 'none of them can be an agent', mend }]
}

function findingOf(cli: ProviderCli): DoctorFinding {
  const { id, version } = cli
  const name = `${id} ${version}`
  if (cli.type === 'usable') {
    const state = cli.signedIn === 'yes' ? 'signed in' : 'which does not say whether it is signed in'
    return createOkFinding(`${name}, ${state} (${cli.executable})`)
  }
  const { message } = cli.failure
  const what = version === undefined ? message : `${name}: ${message}`
  return { severity: 'warning', what, mend: describeProviderCliFix(id, cli.failure) }
}

/** Lists the worktrees of agents whose changes nobody has taken, with their size, and those that cannot be read. */
export async function checkWorktrees({ environment }: DoctorContext): Promise<DoctorFinding[]> {
  // A problem of the configuration has a check of its own.
  const { folder, list } = openUserWorktrees(readUserSettings(environment).config.worktree, environment)
  const all = await list()
  const place = formatShortPath(folder, getUserHomeFolder(environment))
  if (all.length === 0) return [createOkFinding(`no worktrees of agents in ${place}`)]
  const size = formatMegabytes(all.reduce((sum, { bytes }) => sum + bytes, 0))
  const pending = all.filter(({ state }) => state === 'changed' || state === 'packed')
  const ids = pending.map(({ id, changedFiles, bytes, state }) => {
    const what = state === 'packed' ? 'packed' : formatCountWithNoun(changedFiles, 'file')
    return `${id} (${what}, ${formatMegabytes(bytes)})`
  })
  return [
    createOkFinding(`${formatCountWithNoun(all.length, 'worktree')} of agents in ${place}, ${size}`),
    ...(ids.length > 0 ? [createNoteFinding(`with changes that were not applied: ${ids.join(', ')}`)] : []),
    ...all.flatMap(({ id, path, state }): DoctorFinding[] =>
      state === 'damaged'
        ? [
            {
              severity: 'warning',
              what: `worktree ${id} cannot be read`,
              mend: `look at ${path}, and delete it`,
            },
          ]
        : [],
    ),
  ]
}
