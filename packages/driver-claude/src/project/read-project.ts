import type { SessionSpec } from '@subagent-mcp/contract'
import { readProjectAgents, type ProjectAgents } from './project-agents.js'
import { findProjectFolders } from './project-folders.js'
import { readProjectSettings } from './project-settings.js'
import { readProjectSkills } from './project-skills.js'

/** The parts of a project that a session gets. Claude itself reads nothing else of the project. */
export type ClaudeProject = {
  /** Folders whose `CLAUDE.md`, `.claude/CLAUDE.md` and `.claude/rules` Claude reads, the outermost first. */
  instructionFolders: readonly string[]
  deny: readonly string[]
  agents: ProjectAgents['agents']
  skills: string | undefined
  /** Notes for the caller on parts of the project that the session does not get. */
  notes: readonly string[]
}

/** Reads the parts of a project that run nothing. Never throws. */
export function readClaudeProject(spec: Pick<SessionSpec, 'cwd' | 'environment'>): ClaudeProject {
  const { own, withInstructions, leadingOut, tooWide } = findProjectFolders(spec)
  const [settings, agents, skills] = [
    readProjectSettings(own),
    readProjectAgents(own),
    readProjectSkills(own),
  ]
  const left = [...agents.notes, ...skills.notes]
  return {
    instructionFolders: withInstructions,
    deny: settings.deny,
    agents: agents.agents,
    skills: skills.text,
    notes: [
      ...settings.notes,
      ...leadingOut.map(
        (path) => `${path} is a link out of the project, so the instructions in its folder are not given`,
      ),
      ...tooWide.map(
        (folder) =>
          `the instructions in ${folder} are not given, because your whole home would be given with them`,
      ),
      ...(left.length === 0 ? [] : [notTaken(left)]),
    ],
  }
}

function notTaken(left: readonly string[]): string {
  const more = left.length > mostNamed ? `; and ${left.length - mostNamed} more` : ''
  return `not taken from the project, because it may run something: ${left.slice(0, mostNamed).join('; ')}${more}`
}

const mostNamed = 10
