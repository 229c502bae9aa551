import { SubagentError } from '@subagent-mcp/contract'
import type { Desk } from '../../terminal/command-context.js'

/** Whom a command stays with, its exit code where the daemon ends meanwhile, and how to go on if not by a message. */
export type Stay = { agentIds: readonly string[]; code: number; next?: string }

/** Stays with agents; where the daemon ends meanwhile it says what became of them, and how to go on. */
export async function untilDaemonEnds(
  { agentIds, code, next }: Stay,
  { terminal }: Pick<Desk, 'terminal'>,
  stay: () => Promise<number>,
): Promise<number> {
  try {
    return await stay()
  } catch (error) {
    if (!(error instanceof SubagentError) || error.code !== 'daemon-unreachable') throw error
    await terminal.stderr.print(`the daemon has ended; ${lossText(agentIds, next)}\n`)
    return code
  }
}

/** Of several some may have been done: the next daemon knows which. */
function lossText([id = '', ...others]: readonly string[], next?: string): string {
  if (others.length === 0) return `${id} was interrupted: ${next ?? `subagent-mcp send ${id} "go on"`}`
  return `of ${[id, ...others].join(', ')} those at work were interrupted: subagent-mcp ps`
}
