import { z } from 'zod'

/** How much an event matters, from least to most. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export const Severity = z.enum(severities)
export type Severity = z.infer<typeof Severity>
