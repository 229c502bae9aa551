import type { LaunchOptions } from '@subagent-mcp/api'
import type { LaunchTemplate } from './launch-template.js'

/** A parsed launch. `cwd` is absolute and exists; `template` has the settings of the definition `agent`. */
export type LaunchRequest = Omit<LaunchOptions, 'agent' | 'cwd'> & {
  cwd: string
  template?: LaunchTemplate
  /** Text that follows the prompt and is not compared with that of a repeated request: the collected `changes`. */
  attached?: string
  /** The private copy of the checkout around `cwd` in which the agent works, made under the id that the agent gets. */
  worktree?: { id: string; folder: string }
  /** The commands of `accept.run` that a person gave or approved. They are not judged by the permissions of the agent. */
  gates?: readonly string[]
  /** Notes for the caller, beside those of the launch itself. */
  remarks?: readonly string[]
  /** `deny`: expired questions are denied, because a program runs the agent's turns, and no person reads the questions. */
  unanswered?: 'deny'
  /** The span of the request in the trace of its host, as a `traceparent` of W3C Trace Context. */
  traceparent?: string
  /** The agent whose work the launched agent judges, and to whose budget its usage counts. */
  reviewOf?: string
}
