import { SubagentError } from '@subagent-mcp/contract'
import { makeFolder } from '@subagent-mcp/driver-kit'
import type { McpPort } from '@subagent-mcp/mcp-server'
import { maskSecrets } from '@subagent-mcp/permissions'
import { statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** An existing folder, from a path relative to `base`. @throws SubagentError `cwd-missing` */
export function existingFolder(path: string | undefined, base: string): string {
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
    // A path through a file, a loop of links, a NUL, no permission: all of them are no place to work in.
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return code === 'ENOENT' ? 'does not exist' : `cannot be used (${code})`
  }
}

/** Keeps texts in `folder`, readable by the user alone, with secrets masked: agents are told to read them there. */
export function textKeeper(folder: string): McpPort['saveText'] {
  return (name, text) => {
    const path = join(folder, `${name}.md`)
    try {
      makeFolder(folder)
      writeFileSync(path, maskSecrets(text), { mode: 0o600 })
      return { path }
    } catch (cause) {
      return { problem: `cannot write ${path} (${String(cause)}); free it, or set SUBAGENT_MCP_HOME` }
    }
  }
}
