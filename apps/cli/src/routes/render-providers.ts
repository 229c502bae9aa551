import type { Failure } from '@subagent-mcp/contract'
import type { ProviderReport } from './report.js'
import { wrap } from './render-text.js'

/** What this machine has of each provider, and what to do where it lacks one. */
export function renderProviders(providers: readonly ProviderReport[]): string[] {
  const isNone = providers.every(({ type }) => type === 'unusable')
  const width = Math.max(...providers.map(({ provider }) => provider.length))
  return [
    ...(isNone ? ['No provider can be used on this machine; one is enough:'] : []),
    ...providers.flatMap((report) => wrap(describe(report), `${report.provider.padEnd(width)}  `)),
  ]
}

/** Why not, and what to do, on one line. */
export function failureText({ message, hint }: Failure): string {
  return (hint === undefined ? message : `${message}; ${hint}`).replace(/\s+/g, ' ')
}

function describe(report: ProviderReport): string {
  if (report.type === 'unusable') return failureText(report.failure)
  const signedIn = report.signedIn === 'yes' ? 'signed in' : 'sign-in unknown'
  const about = `${report.version}, ${signedIn}, headroom ${report.headroom}`
  return report.models ? about : `${about}; its models are unknown: ${failureText(report.problem)}`
}
