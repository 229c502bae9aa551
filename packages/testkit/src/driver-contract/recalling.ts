/** A prompt for the earlier texts of the conversation. The model server and the fake CLIs answer it. */
export const recalling = '[[recall]]'

/** A prompt with a word that no other prompt has. */
export function telling(secret: string): string {
  return `The word is ${secret}. [[say: noted]]`
}
