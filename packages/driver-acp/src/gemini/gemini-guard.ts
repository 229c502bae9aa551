import { omitUndefined } from '@subagent-mcp/contract'
import { readProjectInstructions } from '@subagent-mcp/driver-kit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { getGeminiFolder } from './gemini-files.js'
import { findHarmfulGeminiFiles } from './gemini-project.js'
import { describeProjectFinding, type ProjectFinding } from '../guards/project-files.js'
import {
  canRunInUntrustedProject,
  createProjectRefusal,
  type GuardedSessionSpec,
  type ProjectFilesCheck,
  type ProjectGuard,
} from '../guards/project-guard.js'

/**
 * Keeps a session below `full-auto` from what files of its project would start. Gemini (0.61) reads all of them in a
 * trusted folder. In an untrusted folder it reads none, but starts no MCP servers either. So a folder without harmful files
 * is trusted; another one is untrusted, or refuses the launch when the session needs MCP servers.
 */
export const guardGeminiProject: ProjectFilesCheck = (spec) => {
  const findings = findHarmfulGeminiFiles(spec)
  const [first] = findings
  if (first === undefined) return trusted
  if (spec.permissions === 'full-auto') return { ...trusted, isApart: true }
  // In an untrusted folder Gemini does not read this file of the user either.
  const needsFile = existsSync(join(getGeminiFolder(spec.environment), '.env'))
  if (canRunInUntrustedProject(spec) && !needsFile) return untrusted(spec, first)
  const other = needsFile ? 'set what ~/.gemini/.env has in the environment' : 'launch without MCP servers'
  return { failure: createProjectRefusal('gemini', findings, other) }
}

const trusted: ProjectGuard = { env: trust('true'), notes: [] }

function untrusted({ cwd }: GuardedSessionSpec, first: ProjectFinding): ProjectGuard {
  const instructions = readProjectInstructions(cwd, { names: ['GEMINI.md'], title: 'GEMINI.md' })
  const note = `of this project gemini reads GEMINI.md alone, because ${describeProjectFinding(first)}`
  return { env: trust('false'), notes: [note], ...omitUndefined({ instructions }) }
}

function trust(value: 'true' | 'false') {
  return { GEMINI_CLI_TRUST_WORKSPACE: value }
}
