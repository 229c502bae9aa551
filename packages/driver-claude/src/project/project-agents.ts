import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { sanitizeProjectName, readHarmlessProjectFile } from './harmless-project-file.js'

/** The sub-agents of a project by name, for `--agents`; notes name the ones that are left out, and why. */
export type ProjectAgents = {
  agents: Readonly<Record<string, { description: string; prompt: string }>>
  notes: readonly string[]
}

const Tools = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(/,(?![^(]*\))/).map((name) => name.trim()) : value),
  z.array(z.string()),
)
const Keys = z.object({
  name: z.string().regex(/^[A-Za-z0-9][\w-]{0,63}$/),
  description: z.string().trim().min(1),
  tools: Tools.exactOptional(),
  disallowedTools: Tools.exactOptional(),
  model: z.string().exactOptional(),
})
const known = [...Object.keys(Keys.shape), 'color']

const mostAgents = 100

type Named = { name: string; agent: ProjectAgents['agents'][string] }

/**
 * Reads the sub-agents in `.claude/agents` of the folders; of two with the same name the first counts. Leaves out those with
 * hooks, MCP servers, a permission mode, or any other key that is not known to be harmless.
 */
export function readProjectAgents(folders: readonly string[]): ProjectAgents {
  const read = folders
    .map((folder) => join(folder, '.claude', 'agents'))
    .flatMap((folder) => agentFiles(folder).map((path) => readAgent(path, folder)))
  const agents = read.flatMap((agent) => ('name' in agent ? [[agent.name, agent.agent] as const] : []))
  return {
    // The order is reversed, so that of two agents with one name the first counts.
    agents: Object.fromEntries(agents.reverse()),
    notes: read.flatMap((agent) => ('note' in agent ? [agent.note] : [])),
  }
}

function readAgent(path: string, folder: string): Named | { note: string } {
  const shown = sanitizeProjectName(basename(path, '.md'))
  const file = readHarmlessProjectFile(path, { folder, known })
  if ('reason' in file) return { note: `agent ${shown} (${file.reason})` }
  const keys = Keys.safeParse({ name: basename(path, '.md'), ...file.keys })
  if (!keys.success) return { note: `agent ${shown} (cannot be read)` }
  const { name, ...rest } = keys.data
  return { name, agent: { ...rest, prompt: file.body.trim() } }
}

function agentFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .sort()
      .slice(0, mostAgents)
      .map((name) => join(folder, name))
  } catch {
    // The folder does not exist, or may not be read.
    return []
  }
}
