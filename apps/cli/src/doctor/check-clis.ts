import type { Driver, Failure } from '@subagent-mcp/contract'
import { settlesWithin } from '@subagent-mcp/driver-kit'
import { fine, type Check, type Context, type Finding } from './check.js'

/** Which CLIs can be agents: found, of which version, signed in. One is enough. */
export const checkClis: Check = {
  name: 'CLIs',
  run: async ({ drivers, environment }) => {
    const findings = await Promise.all([...drivers.values()].map((driver) => look(driver, environment)))
    if (findings.some(({ severity }) => severity === 'ok')) return findings
    const mend = `sign in to one of ${[...drivers.keys()].join(', ')}`
    return [...findings, { severity: 'error', what: 'none of them can be an agent', mend }]
  },
}

/** How long a CLI may take, in milliseconds: a cold start on a slow machine, and more. */
const deadlineMs = 30_000

async function look(driver: Driver, environment: Context['environment']): Promise<Finding> {
  const failure = driver.preflight(environment)
  if (failure !== undefined) return unusable(driver, failure)
  const probing = driver.probe(environment)
  if (!(await settlesWithin(probing, deadlineMs))) {
    const message = `${driver.id} did not answer within ${deadlineMs / 1000} s`
    return unusable(driver, { reason: 'timed-out', message })
  }
  const probe = await probing
  if (!probe.installed) return unusable(driver, probe.failure)
  const { version, executable, signedIn } = probe
  const name = `${driver.id} ${version}`
  if (signedIn === 'yes') return fine(`${name}, signed in (${executable})`)
  if (signedIn === 'unknown')
    return fine(`${name}, which does not say whether it is signed in (${executable})`)
  return unusable(driver, { reason: 'not-signed-in', message: `${name} is not signed in` })
}

function unusable({ id }: Driver, { message, hint }: Failure): Finding {
  return {
    severity: 'warning',
    what: message,
    mend: hint ?? `start ${id} in a terminal and see what it says`,
  }
}
