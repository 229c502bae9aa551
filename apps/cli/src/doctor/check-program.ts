import type { Driver, Failure, CliProbe } from '@subagent-mcp/contract'
import { isGuardedAgent } from '@subagent-mcp/driver-acp'
import { settlesWithin } from '@subagent-mcp/driver-kit'
import { openRecords } from '@subagent-mcp/installer'
import { existsSync } from 'node:fs'
import { configPath, readConfig } from '../settings/config.js'
import { homeFolder } from '../settings/home-folder.js'
import { readRoutingFiles } from '../settings/routing-files.js'
import { doctorOk, type DoctorContext, type Finding } from './check.js'

/** Checks that Node is new enough. Package managers only warn when `engines` of the package is not met. */
export function checkNodeVersion({ node }: DoctorContext): Finding[] {
  if (isAtLeast(node, oldestNodeVersion)) return [doctorOk(node)]
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
export function checkConfiguration({ environment, project }: DoctorContext): Finding[] {
  const { acpAgents } = readConfig(environment)
  readRoutingFiles(project, environment)
  const path = configPath(environment)
  const unguarded = acpAgents.filter((agent) => !isGuardedAgent(agent)).map(({ id }) => id)
  const used = doctorOk(existsSync(path) ? path : `defaults: there is no ${path}`)
  if (unguarded.length === 0) return [used]
  const what = `a project's files may start programs in ${unguarded.join(', ')}`
  return [used, doctorOk(`${what}: this cannot be prevented, as we do not know its switches`)]
}

/** Lists the hosts in the records of setup; says nothing before the first setup, because the check of hosts does. @throws SubagentError for records that cannot be read */
export function checkSetupRecord({ environment }: DoctorContext): Finding[] {
  const { choices } = openRecords(homeFolder(environment)).read()
  const ids = new Set(choices.map(({ host }) => host))
  return ids.size === 0 ? [] : [doctorOk(`setup has registered ${[...ids].join(', ')}`)]
}

/** Checks which CLIs can run agents: whether each is found, its version, and whether it is signed in. One is enough. */
export async function checkProviderClis({ drivers, environment }: DoctorContext): Promise<Finding[]> {
  const probed = await Promise.all([...drivers.values()].map((driver) => probeCli(driver, environment)))
  const findings = probed.map(({ finding }) => finding)
  if (findings.some(({ severity }) => severity === 'ok')) return findings
  const installed = probed.filter(({ isInstalled }) => isInstalled).map(({ id }) => id)
  const mend =
    installed.length > 0
      ? `sign in to one of ${installed.join(', ')}`
      : `install one of ${[...drivers.keys()].join(', ')}, and sign in to it`
  return [...findings, { severity: 'error', what: 'none of them can be an agent', mend }]
}

/** The time limit of a CLI, in milliseconds; a cold start on a slow machine takes less. */
const deadlineMs = 30_000

type ProbedCli = { id: string; finding: Finding; isInstalled: boolean }

async function probeCli(driver: Driver, environment: DoctorContext['environment']): Promise<ProbedCli> {
  const { id } = driver
  const failure = driver.preflight(environment)
  // The version of a CLI is reported also when no user is signed in.
  if (failure !== undefined && failure.reason !== 'not-signed-in')
    return { id, finding: unusable(id, failure), isInstalled: failure.reason !== 'not-installed' }
  const probing = driver.probe(environment)
  if (!(await settlesWithin(probing, deadlineMs))) {
    const message = `${id} did not answer within ${deadlineMs / 1000} s`
    return { id, finding: unusable(id, { reason: 'timed-out', message }), isInstalled: true }
  }
  const probe = await probing
  return { id, finding: findingOf(id, probe, failure), isInstalled: probe.installed }
}

function findingOf(id: string, probe: CliProbe, failure: Failure | undefined): Finding {
  if (!probe.installed) return unusable(id, probe.failure)
  const { version, executable, signedIn } = probe
  const name = `${id} ${version}`
  if (failure !== undefined) return unusable(id, { ...failure, message: `${name}: ${failure.message}` })
  if (signedIn === 'yes') return doctorOk(`${name}, signed in (${executable})`)
  if (signedIn === 'unknown')
    return doctorOk(`${name}, which does not say whether it is signed in (${executable})`)
  return unusable(id, { reason: 'not-signed-in', message: `${name} is not signed in` })
}

function unusable(id: string, { message, hint }: Failure): Finding {
  const mend = hint ?? `start ${id} in a terminal and see what it says`
  return { severity: 'warning', what: message, mend }
}
