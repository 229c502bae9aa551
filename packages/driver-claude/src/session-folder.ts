import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A private folder for what one session must read from files, and for its own temporary files. */
export type SessionFolder = {
  path: string
  systemPromptFile: string | undefined
  mcpConfigFile: string | undefined
}

/** What goes into the files. */
export type FolderContent = {
  systemPrompt: string | undefined
  mcpServers: Readonly<Record<string, unknown>> | undefined
}

/** Makes the folder, readable by this user alone. */
export async function createSessionFolder({
  systemPrompt,
  mcpServers,
}: FolderContent): Promise<SessionFolder> {
  const path = await mkdtemp(join(tmpdir(), 'subagent-mcp-'))
  const write = async (name: string, text: string | undefined) => {
    if (text === undefined) return undefined
    await writeFile(join(path, name), text, { mode: 0o600 })
    return join(path, name)
  }
  return {
    path,
    systemPromptFile: await write('system-prompt.md', systemPrompt),
    mcpConfigFile: await write('mcp.json', mcpServers && JSON.stringify({ mcpServers })),
  }
}

/** Removes the folder and all in it. */
export function removeSessionFolder({ path }: SessionFolder): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 2 })
  } catch {
    // A file that something still holds open (Windows) stays: a leftover must not keep a session from ending.
  }
}
