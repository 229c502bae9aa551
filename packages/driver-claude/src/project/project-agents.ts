import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { plainName, readHarmlessFile } from './harmless-file.js'

/** Sub-agents of a project by name, as `--agents` takes them, and those that are left out, with the reason. */
export type ProjectAgents = {
  agents: Readonly<Record<string, { description: string; prompt: string }>>
  notes: readonly string[]
}

/** A list, or names with commas between. */
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
 * Reads the sub-agents in `.claude/agents` of these folders; of two with one name the first is taken. One with hooks,
 * MCP servers, a permission mode or anything else that is not known to be harmless is left out.
 */
export function readProjectAgents(folders: readonly string[]): ProjectAgents {
  const read = folders
    .map((folder) => join(folder, '.claude', 'agents'))
    .flatMap((folder) => agentFiles(folder).map((path) => readAgent(path, folder)))
  const agents = read.flatMap((agent) => ('name' in agent ? [[agent.name, agent.agent] as const] : []))
  return {
    // The first of a name comes last, and stays.
    agents: Object.fromEntries(agents.reverse()),
    notes: read.flatMap((agent) => ('note' in agent ? [agent.note] : [])),
  }
}

function readAgent(path: string, folder: string): Named | { note: string } {
  const shown = plainName(basename(path, '.md'))
  const file = readHarmlessFile(path, { folder, known })
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
    // There is no such folder, or it is not to be read.
    return []
  }
}
