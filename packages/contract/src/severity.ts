import { z } from 'zod'

/** The levels of importance of a mailbox event, lowest first. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export const Severity = z.enum(severities)
export type Severity = z.infer<typeof Severity>

export function isAsSevere(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least)
}
