import type { LaunchOptions } from '@subagent-mcp/api'
import type { LaunchTemplate } from './launch-template.js'

/**
 * A launch whose options the `LaunchOptions` of the API have parsed. `cwd` is absolute and exists; `launch template` is the
 * content of the definition that `agent` names.
 */
export type LaunchRequest = Omit<LaunchOptions, 'agent' | 'cwd'> & {
  cwd: string
  template?: LaunchTemplate
  /** Denies a question that nobody answers in time, whoever launched the agent, because a program runs its turns. */
  unanswered?: 'deny'
}
