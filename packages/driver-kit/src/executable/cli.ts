import { omitUndefined, type Failure, SubagentError } from '@subagent-mcp/contract'
import { getHomeFolder, type Environment } from '../environment/environment.js'
import { computeExecutableStamp } from './file-stamp.js'
import { findExecutable } from './find-executable.js'

/** A provider's CLI: its name in messages, its executable, and what a user does to install it and to sign in. */
export type Cli = {
  label: string
  /** The name of the executable. Without `executableVariable` it may be a path. */
  command: string
  executableVariable?: string
  installHint: string
  signInHint: string
}

/** Returns the path of a CLI's executable, or the failure of a machine without it. */
export function locateCliExecutable(
  cli: Cli,
  environment: Environment,
): { command: string } | { type: 'failed'; failure: Failure } {
  const { command: name, executableVariable } = cli
  // A command that contains a folder is not searched for on PATH.
  const path = /[\\/]/.test(name) ? name : undefined
  const configured = executableVariable === undefined ? path : environment[executableVariable]
  try {
    const command = findExecutable({ name, configured, environment, home: getHomeFolder(environment) })
    return command === undefined ? { type: 'failed', failure: createNotInstalledFailure(cli) } : { command }
  } catch (error) {
    if (!(error instanceof SubagentError)) throw error
    const { message, hint } = error
    return { type: 'failed', failure: { reason: 'not-installed', message, ...omitUndefined({ hint }) } }
  }
}

/** The failure of a machine without the CLI. */
export function createNotInstalledFailure({ label, command, installHint }: Cli): Failure {
  const name = command === label ? label : `${label} (${command})`
  return { reason: 'not-installed', message: `${name} was not found`, hint: installHint }
}

/** Returns why a CLI cannot start a session in an environment: it is not installed or not signed in. Undefined otherwise. */
export function findCliPreflightFailure(
  cli: Cli,
  environment: Environment,
  isSignedOut: (environment: Environment) => boolean,
): Failure | undefined {
  const found = locateCliExecutable(cli, environment)
  if ('failure' in found) return found.failure
  if (!isSignedOut(environment)) return undefined
  return { reason: 'not-signed-in', message: `${cli.label} is not signed in`, hint: cli.signInHint }
}

/** The stamp of a CLI's executable, which an upgrade changes; undefined on a machine without the CLI. */
export function computeCliStamp(
  cli: Cli,
  environment: Environment,
  stampOf: (command: string) => string | undefined = computeExecutableStamp,
): string | undefined {
  const found = locateCliExecutable(cli, environment)
  return 'failure' in found ? undefined : stampOf(found.command)
}
