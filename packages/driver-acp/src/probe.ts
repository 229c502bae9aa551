import type { Clock, Probe } from '@subagent-mcp/contract'
import {
  childEnvironment,
  exitFailure,
  runBriefly,
  type Environment,
  type Watchdog,
} from '@subagent-mcp/driver-kit'
import { notInstalled } from './classify.js'
import type { AcpProfile } from './profile.js'

/** What is asked of the machine. */
export type ProbeOptions = {
  profile: AcpProfile
  command: string
  environment: Environment
  watchdog: Watchdog
  clock: Clock
  deadlineMs: number
}

/** Looks at what is installed by a call that costs nothing and needs no network. Never throws. */
export async function probe(options: ProbeOptions): Promise<Probe> {
  const { profile, command } = options
  const environment = childEnvironment(options.environment, profile.env)
  const { exit, output } = await runBriefly({ ...options, args: ['--version'], environment })
  if (exit.spawnError !== undefined) {
    return { installed: false, failure: exitFailure(profile.label, exit, notInstalled(profile)) }
  }
  return {
    installed: true,
    executable: command,
    version: /\d+\.\d+\S*/.exec(output)?.[0] ?? 'unknown',
    signedIn: profile.signedIn(options.environment),
  }
}
