import type { AccountLimit } from '@subagent-mcp/contract'
import type { Fleet } from '@subagent-mcp/core'

/** A line for each provider that said something of its limits; what none said is unknown, and not shown as full. */
export function describeLimits({ health }: Fleet, now: number): string[] {
  return [...health].flatMap(([provider, limits]) => {
    const current = [...limits.values()].filter(({ resetsAt }) => resetsAt === undefined || resetsAt > now)
    return current.length > 0 ? [`limits of ${provider}: ${current.map(describeLimit).join('; ')}`] : []
  })
}

function describeLimit({ name, usedPercent, resetsAt, exhausted }: AccountLimit): string {
  return [
    name,
    usedPercent === undefined ? 'use unknown' : `${Math.round(usedPercent)} % used`,
    ...(exhausted ? ['used up'] : []),
    ...(resetsAt === undefined ? [] : [`resets at ${new Date(resetsAt).toISOString()}`]),
  ].join(', ')
}
