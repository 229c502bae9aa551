import { SubagentError } from '@subagent-mcp/contract'
import { createFolderWithParents } from '@subagent-mcp/driver-kit'
import type { McpPort } from '@subagent-mcp/mcp-server'
import { maskSecrets } from '@subagent-mcp/permissions'
import { statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Returns the absolute path of an existing folder, from a path relative to `base`. @throws SubagentError `cwd-missing` */
export function resolveFolder(path: string | undefined, base: string): string {
  const folder = resolve(base, path ?? '.')
  const problem = folderProblem(folder)
  if (problem === undefined) return folder
  throw new SubagentError('cwd-missing', `cwd ${folder} ${problem}`, {
    hint: 'give an existing folder, or leave cwd out',
  })
}

function folderProblem(folder: string): string | undefined {
  try {
    return statSync(folder).isDirectory() ? undefined : 'is not a folder'
  } catch (error) {
    // The path leads through a file or a loop of links, has a NUL byte, or permission is missing: no agent can work there.
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return code === 'ENOENT' ? 'does not exist' : `cannot be used (${code})`
  }
}

/**
 * Returns the function that saves long answers in `folder`, with secrets masked, for the user and agents to read. Without a folder the
 * function saves nothing and returns a `problem`.
 */
export function createAnswerTextSaver(folder: string | undefined): McpPort['saveText'] {
  return (name, text) => {
    if (folder === undefined) return { problem: 'this runtime keeps its state in memory and saves no texts' }
    const path = join(folder, `${name}.md`)
    try {
      createFolderWithParents(folder)
      writeFileSync(path, maskSecrets(text), { mode: 0o600 })
      return { path }
    } catch (cause) {
      return { problem: `cannot write ${path} (${String(cause)}); free it, or set SUBAGENT_MCP_HOME` }
    }
  }
}
