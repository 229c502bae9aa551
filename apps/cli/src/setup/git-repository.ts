import { parseJson } from '@subagent-mcp/contract'
import { findProjectRoot } from '@subagent-mcp/driver-kit'
import { readTextFileOrRefuse } from '@subagent-mcp/installer'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Returns the root of the git repository around a folder; undefined outside of git. */
export function findGitRepositoryRoot(folder: string): string | undefined {
  const project = findProjectRoot(folder)
  return existsSync(join(project, '.git')) ? project : undefined
}

const OwnPackage = z.looseObject({ name: z.literal('subagent-mcp-monorepo') })

/** Whether a project is the repository of subagent-mcp itself, whose AGENTS.md is for people who develop it. */
export function isSubagentMcpRepository(project: string): boolean {
  const file = readTextFileOrRefuse(join(project, 'package.json'))
  return file.type === 'text' && OwnPackage.safeParse(parseJson(file.text)).success
}
