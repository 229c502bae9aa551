import type { LaunchOptions } from '@subagent-mcp/api'
import type { LaunchTemplate } from './launch-template.js'

/**
 * A launch with options that the API's `LaunchOptions` has parsed. `cwd` is absolute and exists; `template` holds the
 * settings of the definition that `agent` names.
 */
export type LaunchRequest = Omit<LaunchOptions, 'agent' | 'cwd'> & {
  cwd: string
  template?: LaunchTemplate
  /** Denies questions that expire, because a program and no person runs the agent's turns. */
  unanswered?: 'deny'
}
