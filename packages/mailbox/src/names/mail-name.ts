// The hook reads this too, before each prompt and tool call: nothing but node is imported here.

/** A person's or a folder's name as one of an agent. */
export function mailName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
  return plain.slice(0, longest) || 'somebody'
}

/** As many characters as a mailbox takes. */
const longest = 64
