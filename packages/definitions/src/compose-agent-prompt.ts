import type { AgentDefinition, SkillOrExpertise } from './definition.js'
import { findSkillFolder } from './reading/skills-or-expertise.js'

/**
 * The text to append to the CLI's system prompt: skills, expertise, the definition's body and the environment. The
 * same input gives the same bytes, and the changing part comes last, so that a provider's prompt cache can keep the
 * rest. `date` is YYYY-MM-DD.
 */
export function composeAgentPrompt(
  { name, skills, expertise, body }: Pick<AgentDefinition, 'name' | 'skills' | 'expertise' | 'body'>,
  { cwd, date }: { cwd: string; date: string },
): string {
  return [
    ...skills.map((skill) => section(`Skill: ${skill.name}`, withFolder(skill))),
    ...expertise.map((knowledge) => section(`Expertise: ${knowledge.name}`, withFolder(knowledge))),
    ...(body.trim() === '' ? [] : [section(`Agent: ${name}`, body)]),
    section('Environment', `Working directory: ${cwd}\nDate: ${date}`),
  ].join('\n')
}

/** Estimates the tokens of a text, as a quarter of its bytes. */
export function estimateTokenCount(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4)
}

function section(title: string, text: string): string {
  return `# ${title}\n\n${withoutBlankEnds(text)}\n`
}

function withFolder(knowledge: SkillOrExpertise): string {
  const folder = findSkillFolder(knowledge)
  const text = withoutBlankEnds(knowledge.text)
  return folder === undefined ? text : `Files that it names are in ${folder}\n\n${text}`
}

/** Removes blank lines at both ends. The first line keeps its indent. */
function withoutBlankEnds(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '').trimEnd()
}
