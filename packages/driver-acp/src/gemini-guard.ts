import type { Failure } from '@subagent-mcp/contract'
import { projectInstructions } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { geminiFolder } from './gemini-files.js'
import { describeFinding, findGeminiProject, type Finding } from './gemini-project.js'
import type { GuardedSpec, GuardProject, ProjectGuard } from './project-guard.js'

/**
 * Keeps a session below `full-auto` from what a project's files would start. Gemini (0.61) reads all of them in a folder
 * that it trusts, and none in one that it does not, but there it starts no MCP server either. So a folder with nothing
 * harmful is trusted; one with something is not, or the launch is refused where the session needs MCP servers.
 */
export const guardGemini: GuardProject = (spec) => {
  const findings = findGeminiProject(spec)
  const [first] = findings
  if (first === undefined) return trusted
  if (spec.permissions === 'full-auto') return { ...trusted, isApart: true }
  return canBeUntrusted(spec) ? untrusted(spec, first) : { failure: refusal(findings) }
}

const trusted: ProjectGuard = { env: trust('true'), notes: [] }

function untrusted(spec: GuardedSpec, first: Finding): ProjectGuard {
  const instructions = projectInstructions(spec.cwd, { names: ['GEMINI.md'], title: 'GEMINI.md' })
  const note = `of this project gemini reads GEMINI.md alone, as ${describeFinding(first)}`
  return { env: trust('false'), notes: [note], ...(instructions !== undefined && { instructions }) }
}

/** In a folder that is not trusted the CLI has no other mode than `default`, and leaves out the user's own `.env` too. */
function canBeUntrusted({ mcp, mcpServers = {}, permissions, asksAll, environment }: GuardedSpec): boolean {
  const needsServers = (mcp !== 'none' && mcp.length > 0) || Object.keys(mcpServers).length > 0
  const needsMode = permissions === 'accept-edits' && !asksAll
  return !needsServers && !needsMode && !existsSync(join(geminiFolder(environment), '.env'))
}

function refusal(findings: readonly Finding[]): Failure {
  const message = `gemini would take from this project what can start programs or change where requests go: ${findings
    .slice(0, mostNamed)
    .map(describeFinding)
    .join(', ')}`
  const hint =
    'remove it from the project, launch the agent without MCP servers, with another provider, or with permissions full-auto'
  return { reason: 'refused', message, hint }
}

const mostNamed = 5

function trust(value: 'true' | 'false') {
  return { GEMINI_CLI_TRUST_WORKSPACE: value }
}
