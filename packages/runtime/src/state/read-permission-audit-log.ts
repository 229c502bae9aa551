import type { PermissionAuditRecord } from '@subagent-mcp/api'
import type { AuditLine } from '@subagent-mcp/journal'

/** Reads the lines of the audit log. Their shape is not checked further, because only this program writes the journal. */
export function readPermissionAuditLog(lines: readonly AuditLine[]): PermissionAuditRecord[] {
  return lines.flatMap(({ body }) => (isRecord(body) ? [body] : []))
}

function isRecord(body: unknown): body is PermissionAuditRecord {
  return typeof body === 'object' && body !== null && 'requestId' in body && 'event' in body
}
