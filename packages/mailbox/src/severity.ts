import { z } from 'zod'

/** How much an event matters, from the least on. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export const Severity = z.enum(severities)
export type Severity = z.infer<typeof Severity>

/** Whether one matters at least as much as the other. */
export function isAtLeast(severity: Severity, other: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(other)
}
