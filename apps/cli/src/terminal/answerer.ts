import type { AnswerBody } from '@subagent-mcp/api'
import { definedVariables } from '../defined-variables.js'
import { loginName } from './person.js'
import type { Terminal } from './terminal.js'

type Answerer = Required<Pick<AnswerBody, 'through' | 'who' | 'pid' | 'environment'>>

/** Who answers a question at this terminal, and what shows the daemon that it is no sub-agent. */
export function answererAt({ environment }: Pick<Terminal, 'environment'>): Answerer {
  const who = loginName()
  return { through: 'terminal', who, pid: process.pid, environment: definedVariables(environment) }
}
