/** A model's steps that reply to each message in a worker's prompt by our tool, as the CLI names it. */
export function chatReplies(tool: string, prompt: string) {
  return [...prompt.matchAll(/^message (\S+), thread .*:\n\| (.*)$/gm)].map(([, message, body = '']) => ({
    type: 'tool' as const,
    tool,
    input: { action: 'reply', message, text: `answer to ${body}` },
  }))
}
