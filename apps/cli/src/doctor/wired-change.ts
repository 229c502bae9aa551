import { plan, removing, type FileChange } from '@subagent-mcp/installer'
import { readHostFile } from './host-file.js'

/** What there is of a change that setup makes; `stale`: something of ours, which setup would write otherwise today. */
export type Look =
  | { type: 'current' | 'stale' | 'absent' }
  | { type: 'unreadable'; why: string }
  | { type: 'blocked'; why: string }

/** Looks at what a change would come to now. */
export function lookAt(change: FileChange): Look {
  const file = readHostFile(change)
  if (file.type === 'unreadable') return file
  if (file.type === 'absent') return { type: 'absent' }
  const [planned] = plan([change])
  if (planned?.type === 'refused') return { type: 'blocked', why: planned.why }
  if (planned?.type !== 'write') return { type: 'current' }
  const [removed] = plan([removing(change)])
  return { type: removed?.type === 'unchanged' ? 'absent' : 'stale' }
}
