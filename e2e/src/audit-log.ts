import { z } from 'zod'
import type { HostStage } from './host-stage.js'

const AuditLog = z.array(z.looseObject({ event: z.string(), through: z.string().optional() }))

/** What became of each question, as the audit log says: the event, and through what it was answered. */
export async function auditLog({ ours }: HostStage): Promise<string[]> {
  const log = AuditLog.parse(JSON.parse(await ours('permissions', 'log', '--json')))
  return log.map(({ event, through }) => [event, ...(through === undefined ? [] : [through])].join(' '))
}
