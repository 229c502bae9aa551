import type { Driver, Failure, FailureReason, Model, CliModelList, CliStatus } from '@subagent-mcp/contract'
import { settlesWithin } from '@subagent-mcp/driver-kit'

/** The state of a provider on this machine. Without `models`, `problem` says why its CLI did not list them. */
export type ProviderSurvey =
  | { type: 'unusable'; failure: Failure }
  | { type: 'usable'; version: string; signedIn: 'yes' | 'unknown'; models: readonly Model[] }
  | { type: 'usable'; version: string; signedIn: 'yes' | 'unknown'; models?: undefined; problem: Failure }

/** The environment in which CLIs are surveyed, and the time limit. */
export type SurveyOptions = { environment: NodeJS.ProcessEnv; deadlineMs: number }

/** Asks all providers in parallel. A provider that does not answer before the deadline counts as unusable. Never throws. */
export async function surveyProviders(
  drivers: ReadonlyMap<string, Driver>,
  options: SurveyOptions,
): Promise<ReadonlyMap<string, ProviderSurvey>> {
  const answers = [...drivers.values()].map(async (driver) => {
    const surveyed = await surveyOne(driver, options)
    return [driver.id, surveyed] as const
  })
  return new Map(await Promise.all(answers))
}

async function surveyOne(
  driver: Driver,
  { environment, deadlineMs }: SurveyOptions,
): Promise<ProviderSurvey> {
  const failure = driver.preflight(environment)
  if (failure) return { type: 'unusable', failure }
  // Both calls run in parallel, because each may start the CLI.
  const listing = driver.models(environment)
  const probing = driver.probe(environment)
  const late: Failure = {
    reason: 'timed-out',
    message: `${driver.id} did not answer within ${deadlineMs / 1000} s`,
  }
  if (!(await settlesWithin(Promise.all([probing, listing]), deadlineMs))) {
    return { type: 'unusable', failure: late }
  }
  return combine(driver.id, await probing, await listing)
}

function combine(provider: string, probe: CliStatus, list: CliModelList): ProviderSurvey {
  if (!probe.installed) return { type: 'unusable', failure: probe.failure }
  const { version, signedIn } = probe
  if (signedIn === 'no') return { type: 'unusable', failure: signedOut(provider) }
  if (list.type === 'listed') return { type: 'usable', version, signedIn, models: list.models }
  const { failure } = list
  return startStoppers.includes(failure.reason)
    ? { type: 'unusable', failure }
    : { type: 'usable', version, signedIn, problem: failure }
}

/** The failures of a model listing that would also prevent a session, so that the provider counts as unusable. */
const startStoppers: readonly FailureReason[] = ['crashed', 'timed-out', 'not-installed', 'not-signed-in']

function signedOut(provider: string): Failure {
  const hint = `start ${provider} once and sign in`
  return { reason: 'not-signed-in', message: `${provider} is not signed in`, hint }
}
