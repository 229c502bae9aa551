/** The rule for names of agents, skills and expertise, for error messages. */
export const definitionNameRule =
  'a name is letters, digits, - and _, with a letter or digit first, 64 at most'

/** Whether a file of this name is a document such as README.md, which a folder `agents` may contain too. */
export function isDocumentFileName(name: string): boolean {
  return /^(?:readme|agents|claude|gemini)$/i.test(name)
}

/** Whether a name follows `definitionNameRule`, so that it cannot lead out of a folder. */
export function isDefinitionName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,63}$/i.test(name)
}
