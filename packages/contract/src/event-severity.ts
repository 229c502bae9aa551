import { z } from 'zod'

/** The levels of importance of a mailbox event, lowest first. */
export const eventSeverities = ['info', 'low', 'medium', 'high', 'critical'] as const
export const EventSeverity = z.enum(eventSeverities)
export type EventSeverity = z.infer<typeof EventSeverity>

export function isSeverityAtLeast(severity: EventSeverity, least: EventSeverity): boolean {
  return eventSeverities.indexOf(severity) >= eventSeverities.indexOf(least)
}
