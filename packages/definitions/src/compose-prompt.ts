import type { AgentDefinition, Knowledge } from './definition.js'
import { folderOf } from './reading/knowledge.js'

/**
 * What is added after the CLI's own system prompt. The same input gives the same bytes, and what changes stands last,
 * so that a provider's prompt cache can keep the rest. `date` is YYYY-MM-DD.
 */
export function composePrompt(
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

/** An estimate of a text's tokens. */
export function tokenWeight(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4)
}

function section(title: string, text: string): string {
  return `# ${title}\n\n${withoutBlankEnds(text)}\n`
}

function withFolder(knowledge: Knowledge): string {
  const folder = folderOf(knowledge)
  const text = withoutBlankEnds(knowledge.text)
  return folder === undefined ? text : `Files that it names are in ${folder}\n\n${text}`
}

/** The first line keeps its indent. */
function withoutBlankEnds(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '').trimEnd()
}
