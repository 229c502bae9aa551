import type { LaunchOptions } from '@subagent-mcp/api'
import type { LaunchTemplate } from './launch-template.js'

/** A parsed launch. `cwd` is absolute and exists; `template` has the settings of the definition `agent`. */
export type LaunchRequest = Omit<LaunchOptions, 'agent' | 'cwd'> & {
  cwd: string
  template?: LaunchTemplate
  /** `deny`: expired questions are denied, because a program runs the agent's turns, and no person reads the questions. */
  unanswered?: 'deny'
}
