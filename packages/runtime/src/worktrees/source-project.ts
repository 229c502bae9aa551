import { isInside } from '@subagent-mcp/contract'
import type { AgentsState } from '@subagent-mcp/core'
import { projectOf } from '@subagent-mcp/driver-kit'

/**
 * Returns the project of a folder. For a folder in the worktree of an agent: the project of the checkout that the worktree was made
 * from, because mail, definitions and routing of the agent are those of that project.
 */
export function sourceProject(state: AgentsState, folder: string): string {
  const root = projectOf(folder)
  const agent = [...state.agents.values()].find(
    ({ profile }) => profile.source !== undefined && isInside(root, profile.cwd),
  )
  const source = agent?.profile.source
  return source === undefined ? root : sourceProject(state, source)
}
