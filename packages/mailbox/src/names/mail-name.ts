// The hook command loads this file before each prompt and tool call, so it imports nothing but Node's own modules.

/** Turns the name of a person or folder into a valid agent name. */
export function convertToMailName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
  return plain.slice(0, longest) || 'somebody'
}

const longest = 64
