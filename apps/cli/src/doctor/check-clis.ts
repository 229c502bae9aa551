import type { Driver, Failure, Probe } from '@subagent-mcp/contract'
import { settlesWithin } from '@subagent-mcp/driver-kit'
import { fine, type Check, type Context, type Finding } from './check.js'

/** Which CLIs can be agents: found, of which version, signed in. One is enough. */
export const checkClis: Check = {
  name: 'CLIs',
  run: async ({ drivers, environment }) => {
    const looked = await Promise.all([...drivers.values()].map((driver) => look(driver, environment)))
    const findings = looked.map(({ finding }) => finding)
    if (looked.some(({ finding }) => finding.severity === 'ok')) return findings
    const installed = looked.filter(({ isInstalled }) => isInstalled).map(({ id }) => id)
    const mend =
      installed.length > 0
        ? `sign in to one of ${installed.join(', ')}`
        : `install one of ${[...drivers.keys()].join(', ')}, and sign in to it`
    return [...findings, { severity: 'error', what: 'none of them can be an agent', mend }]
  },
}

/** How long a CLI may take, in milliseconds: a cold start on a slow machine, and more. */
const deadlineMs = 30_000

type Looked = { id: string; finding: Finding; isInstalled: boolean }

async function look(driver: Driver, environment: Context['environment']): Promise<Looked> {
  const { id } = driver
  const failure = driver.preflight(environment)
  // Of one that nobody is signed in to the version counts all the same.
  if (failure !== undefined && failure.reason !== 'not-signed-in')
    return { id, finding: unusable(id, failure), isInstalled: failure.reason !== 'not-installed' }
  const probing = driver.probe(environment)
  if (!(await settlesWithin(probing, deadlineMs))) {
    const message = `${id} did not answer within ${deadlineMs / 1000} s`
    return { id, finding: unusable(id, { reason: 'timed-out', message }), isInstalled: true }
  }
  const probe = await probing
  return { id, finding: judge(id, probe, failure), isInstalled: probe.installed }
}

function judge(id: string, probe: Probe, failure: Failure | undefined): Finding {
  if (!probe.installed) return unusable(id, probe.failure)
  const { version, executable, signedIn } = probe
  const name = `${id} ${version}`
  if (failure !== undefined) return unusable(id, { ...failure, message: `${name}: ${failure.message}` })
  if (signedIn === 'yes') return fine(`${name}, signed in (${executable})`)
  if (signedIn === 'unknown')
    return fine(`${name}, which does not say whether it is signed in (${executable})`)
  return unusable(id, { reason: 'not-signed-in', message: `${name} is not signed in` })
}

function unusable(id: string, { message, hint }: Failure): Finding {
  return {
    severity: 'warning',
    what: message,
    mend: hint ?? `start ${id} in a terminal and see what it says`,
  }
}
