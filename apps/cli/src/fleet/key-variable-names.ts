import { buildChildEnvironment } from '@subagent-mcp/driver-kit'
import { forwardedVariables } from '@subagent-mcp/installer'

/**
 * The names, in alphabetical order, of the variables that a worker may not be able to work without: those by which the
 * providers' CLIs sign in and reach their provider, and those that look like a secret. Leaves out folders, variables
 * without a value, and those of the caller's own session.
 */
export function findKeyVariableNames(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(buildChildEnvironment(environment))
    .filter(([name, value]) => value !== '' && (needed.includes(name) || looksSecret.test(name)))
    .map(([name]) => name)
    .sort()
}

const needed = forwardedVariables.filter((name) => !/^(XDG|SUBAGENT_MCP)_/.test(name))
const looksSecret = /(^|_)(API_?KEY|ACCESS_KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS)$/i
