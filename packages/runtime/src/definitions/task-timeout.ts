import { SubagentError, type SessionSpec } from '@subagent-mcp/contract'
import { z } from 'zod'

/**
 * How long a task may take, in milliseconds, where its agent's definition does not say: as the caller has set it.
 * @throws SubagentError `config-invalid`
 */
export function taskTimeout({ TASK_TIMEOUT_MS: text }: SessionSpec['environment']): number {
  const milliseconds = Milliseconds.safeParse(text || defaultMs)
  if (milliseconds.success) return milliseconds.data
  const hint = 'give milliseconds, as in 300000'
  throw new SubagentError('config-invalid', `TASK_TIMEOUT_MS is '${text ?? ''}'`, { hint })
}

/** No timer waits longer than 24 days. */
const Milliseconds = z.coerce
  .number()
  .positive()
  .max(2 ** 31 - 1)

const defaultMs = 300_000
