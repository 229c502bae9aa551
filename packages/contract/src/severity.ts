import { z } from 'zod'

/** The levels of importance of a mailbox event, lowest first. */
export const eventSeverities = ['info', 'low', 'medium', 'high', 'critical'] as const
export const Severity = z.enum(eventSeverities)
export type Severity = z.infer<typeof Severity>

export function isAsSevere(severity: Severity, least: Severity): boolean {
  return eventSeverities.indexOf(severity) >= eventSeverities.indexOf(least)
}
