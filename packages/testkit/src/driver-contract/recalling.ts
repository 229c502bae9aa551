/** A prompt that asks for the earlier texts of the conversation. The model server and the fake CLIs answer it. */
export const recallPrompt = '[[recall]]'

/** Returns a prompt with a secret word, so that a test can see later whether the session remembers it. */
export function promptWithSecret(secret: string): string {
  return `The word is ${secret}. [[say: noted]]`
}
