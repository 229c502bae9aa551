import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A private folder for what one session must read from files, and for its own temporary files. */
export type SessionFolder = {
  path: string
  settingsFile: string
  systemPromptFile: string | undefined
  mcpConfigFile: string | undefined
  /** Sub-agents. */
  agentsFile: string | undefined
}

/** What goes into the files. */
export type FolderContent = {
  settings: object
  systemPrompt: string | undefined
  mcpServers: Readonly<Record<string, unknown>> | undefined
  agents: Readonly<Record<string, unknown>>
}

/** Makes the folder, readable by this user alone. */
export async function createSessionFolder(content: FolderContent): Promise<SessionFolder> {
  const { settings, systemPrompt, mcpServers, agents } = content
  const path = await mkdtemp(join(tmpdir(), 'subagent-mcp-'))
  const write = async (name: string, text: string) => {
    await writeFile(join(path, name), text, { mode: 0o600 })
    return join(path, name)
  }
  const writeIfAny = async (name: string, text: string | undefined) =>
    text === undefined ? undefined : await write(name, text)
  const hasAgents = Object.keys(agents).length > 0
  return {
    path,
    settingsFile: await write('settings.json', JSON.stringify(settings)),
    systemPromptFile: await writeIfAny('system-prompt.md', systemPrompt),
    mcpConfigFile: await writeIfAny('mcp.json', mcpServers && JSON.stringify({ mcpServers })),
    agentsFile: await writeIfAny('agents.json', hasAgents ? JSON.stringify(agents) : undefined),
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
