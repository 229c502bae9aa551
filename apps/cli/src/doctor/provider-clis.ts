import type { CliStatus, Driver, Failure } from '@subagent-mcp/contract'
import { settlesWithin } from '@subagent-mcp/driver-kit'

type Drivers = ReadonlyMap<string, Driver>
type Environment = NodeJS.ProcessEnv

/**
 * The CLI of a provider on this machine. `usable`: it is installed and not known to be signed out; `unusable` has the reason
 * and the version, as far as it is known.
 */
export type ProviderCli = { id: string } & (
  | { type: 'usable'; signedIn: 'yes' | 'unknown'; version?: string; executable?: string }
  | { type: 'unusable'; failure: Failure; version?: string }
)

/** Reads from files whether the CLIs are installed and signed in. Starts no process, so that `signedIn` is unknown at best. */
export function readProviderClis(drivers: Drivers, environment: Environment): ProviderCli[] {
  return [...drivers.values()].map((driver) => {
    const { id } = driver
    const failure = driver.preflight(environment)
    return failure ? { id, type: 'unusable', failure } : { id, type: 'usable', signedIn: 'unknown' }
  })
}

/** Asks the CLIs, in parallel, for their versions and whether they are signed in. Never rejects. */
export function probeProviderClis(drivers: Drivers, environment: Environment): Promise<ProviderCli[]> {
  return Promise.all([...drivers.values()].map((driver) => probeProviderCli(driver, environment)))
}

/** The time in milliseconds that a CLI has to say whether it is signed in; a cold start on a slow machine takes less. */
const deadlineMs = 30_000

async function probeProviderCli(driver: Driver, environment: Environment): Promise<ProviderCli> {
  const { id } = driver
  const failure = driver.preflight(environment)
  // The version of a CLI is reported also when no user is signed in.
  if (failure !== undefined && failure.reason !== 'not-signed-in') return { id, type: 'unusable', failure }
  const probing = driver.probe(environment)
  if (!(await settlesWithin(probing, deadlineMs))) {
    const message = `${id} did not answer within ${deadlineMs / 1000} s`
    return { id, type: 'unusable', failure: { reason: 'timed-out', message } }
  }
  return { id, ...stateOf(id, await probing, failure) }
}

function stateOf(id: string, probe: CliStatus, failure: Failure | undefined) {
  if (!probe.installed) return { type: 'unusable', failure: probe.failure } as const
  const { version, executable, signedIn } = probe
  if (failure !== undefined) return { type: 'unusable', failure, version } as const
  if (signedIn !== 'no') return { type: 'usable', signedIn, version, executable } as const
  const message = `${id} is not signed in`
  return { type: 'unusable', version, failure: { reason: 'not-signed-in', message } } as const
}

/** The command or instruction that makes an unusable CLI usable. */
export function describeProviderCliFix(id: string, { hint }: Pick<Failure, 'hint'>): string {
  return hint ?? `start ${id} in a terminal and see what it says`
}
