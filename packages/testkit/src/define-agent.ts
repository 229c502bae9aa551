import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An agent's file: its frontmatter, and the text below it. */
export type AgentFile = { name: string; description?: string; body?: string } & Record<string, unknown>

/** Writes an agent definition into a test project, in place of the one that was there; returns its path. */
export function defineAgent(project: string, { body = 'You do small tasks.', ...keys }: AgentFile): string {
  const folder = join(project, '.subagent-mcp', 'agents')
  mkdirSync(folder, { recursive: true })
  const named = { description: `The agent ${keys.name}`, ...keys }
  const lines = Object.entries(named).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  const path = join(folder, `${keys.name}.md`)
  writeFileSync(path, `---\n${lines.join('\n')}\n---\n${body}\n`)
  return path
}
