/** Asks what was said before in the conversation: the model server understands it, and so do the fake CLIs. */
export const recalling = '[[recall]]'

/** A prompt with a word in it that nobody else says. */
export function telling(secret: string): string {
  return `The word is ${secret}. [[say: noted]]`
}
