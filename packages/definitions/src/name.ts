/** What a name of an agent, a skill or an expertise may be, in words. */
export const nameRule = 'a name is letters, digits, - and _, with a letter or digit first, 64 at most'

/** Whether a file of that name is a document, which a folder called `agents` can have too, and no agent. */
export function isDocumentName(name: string): boolean {
  return /^(?:readme|agents|claude|gemini)$/i.test(name)
}

/** Whether a name can be one: none that can leads out of a folder. */
export function isName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,63}$/i.test(name)
}
