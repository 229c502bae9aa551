import type { AnswerPermissionBody } from '@subagent-mcp/api'
import type { MailSender } from '@subagent-mcp/client'
import { SubagentError, selectDefinedVariables } from '@subagent-mcp/contract'
import { convertToMailName } from '@subagent-mcp/mailbox/names'
import { hostname, userInfo } from 'node:os'
import { resolve } from 'node:path'
import type { Terminal } from './terminal.js'

/** Returns the login name of the user, cut to the length that the daemon accepts. */
export function getLoginName(): string {
  return systemName().slice(0, longestName).toWellFormed() || 'somebody'
}

const longestName = 100

function systemName(): string {
  try {
    return userInfo().username
  } catch {
    // The user has no entry in the system's list of users, as in a container.
    return `user ${process.getuid?.() ?? ''}`.trim()
  }
}

type Answerer = Required<Pick<AnswerPermissionBody, 'through' | 'who' | 'pid' | 'environment'>>

/**
 * Describes the person who answers a permission at this terminal. By process and environment the daemon checks that no sub-agent answers.
 */
export function describeTerminalAnswerer({ environment }: Pick<Terminal, 'environment'>): Answerer {
  const who = getLoginName()
  return { through: 'terminal', who, pid: process.pid, environment: selectDefinedVariables(environment) }
}

/** @throws SubagentError `needs-person` if a sub-agent runs the command, because agents must not widen their own rights */
export function refuseSubAgents(
  { isInsideAgent }: Pick<Terminal, 'isInsideAgent'>,
  message: string,
  hint: string,
): void {
  if (isInsideAgent()) throw new SubagentError('needs-person', message, { hint })
}

type Writer = Pick<Terminal, 'isInsideAgent' | 'environment'>

/** Returns the mailbox name of the caller at this terminal. The daemon accepts no other name from a sub-agent. */
export function getTerminalMailboxName({ isInsideAgent, environment }: Writer): string {
  if (!isInsideAgent()) return convertToMailName(getLoginName())
  const { SUBAGENT_MCP_MAILBOX: own = '' } = environment
  return own === '' ? 'agent' : own
}

/** Describes the sender of a message from this terminal. The daemon checks whether it is a person. */
export function describeTerminalSender(writer: Writer, name = getTerminalMailboxName(writer)): MailSender {
  return { name, host: hostname(), through: 'terminal' }
}

/** Returns the folder and the environment of a caller, by which the daemon finds the project and its definitions. */
export function describeTerminalCaller(
  cwd = '.',
  { cwd: current, environment }: Pick<Terminal, 'cwd' | 'environment'>,
) {
  return { cwd: resolve(current, cwd), environment: selectDefinedVariables(environment) }
}

/** Returns the field `files` of a launch or message: absolute paths of the files that were typed at this terminal. No field without files. */
export function resolveTypedFiles(
  paths: readonly string[] | undefined,
  { cwd }: Pick<Terminal, 'cwd'>,
): { files?: readonly string[] } {
  return paths === undefined ? {} : { files: paths.map((path) => resolve(cwd, path)) }
}
