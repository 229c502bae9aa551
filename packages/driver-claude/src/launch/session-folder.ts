import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type SessionFolder = {
  path: string
  settingsFile: string
  systemPromptFile: string | undefined
  mcpConfigFile: string | undefined
  /** The path of a session's file with the definitions of sub-agents; undefined without any. */
  agentsFile: string | undefined
}

export type SessionFiles = {
  settings: object
  systemPrompt: string | undefined
  mcpServers: Readonly<Record<string, unknown>> | undefined
  agents: Readonly<Record<string, unknown>>
}

/** Creates the private folder of a Claude session, which only this user can read. */
export async function createSessionFolder(content: SessionFiles): Promise<SessionFolder> {
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
