/**
 * Whether a text has the `AGENTS.md` beside it brought in, as Claude Code and Gemini CLI do: on a line of its own, not
 * in code or a comment. What is not sure is none, for then the block is there twice and not never.
 */
export function importsAgents(text: string): boolean {
  const plain = text.replace(fences, '').replace(comments, '')
  return /^\uFEFF? {0,3}@(?:\.\/)?AGENTS\.md[ \t]*\r?$/m.test(plain)
}

/** One that is not closed goes on to the end. */
const fences = /^ {0,3}(`{3,}|~{3,})[^\n]*$[\s\S]*?(?:^ {0,3}\1|$(?![\s\S]))/gm
const comments = /<!--[\s\S]*?-->/g
