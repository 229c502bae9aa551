import { z } from 'zod'

/** Options of a machine's process: its server, its agent and handlers. `atOnce`: it begins without a line on stdin. */
export const FleetMachineOptions = z.object({
  url: z.string(),
  agent: z.string(),
  handlers: z.number(),
  sleepMs: z.number(),
  bare: z.boolean(),
  atOnce: z.boolean(),
})
export type FleetMachineOptions = z.infer<typeof FleetMachineOptions>

/** A line of a machine's process. `first`: milliseconds until it had handled a message; `memory` in MB. */
export const FleetMachineLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('result'),
    handled: z.number(),
    cpu: z.number(),
    first: z.number(),
    memory: z.number(),
  }),
])
export type FleetMachineLine = z.infer<typeof FleetMachineLine>
