import { defined } from '@subagent-mcp/contract'
import { projectInstructions } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { geminiFolder } from './gemini-files.js'
import { findGeminiProject } from './gemini-project.js'
import { describeFinding, type Finding } from '../guards/project-files.js'
import {
  canBeUntrusted,
  projectRefusal,
  type GuardedSpec,
  type GuardProject,
  type ProjectGuard,
} from '../guards/project-guard.js'

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
  // In a folder that is not trusted Gemini does not read this file of the user's either.
  const needsFile = existsSync(join(geminiFolder(spec.environment), '.env'))
  if (canBeUntrusted(spec) && !needsFile) return untrusted(spec, first)
  const other = needsFile ? 'set what ~/.gemini/.env has in the environment' : 'launch without MCP servers'
  return { failure: projectRefusal('gemini', findings, other) }
}

const trusted: ProjectGuard = { env: trust('true'), notes: [] }

function untrusted({ cwd }: GuardedSpec, first: Finding): ProjectGuard {
  const instructions = projectInstructions(cwd, { names: ['GEMINI.md'], title: 'GEMINI.md' })
  const note = `of this project gemini reads GEMINI.md alone, because ${describeFinding(first)}`
  return { env: trust('false'), notes: [note], ...defined({ instructions }) }
}

function trust(value: 'true' | 'false') {
  return { GEMINI_CLI_TRUST_WORKSPACE: value }
}
