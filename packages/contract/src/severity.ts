import { z } from 'zod'

/** How much an event matters, from least to most. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export const Severity = z.enum(severities)
export type Severity = z.infer<typeof Severity>

/** Returns whether an event of the first severity matters at least as much as one of the second. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least)
}
