/** Whether a topic is one of those that a pattern names, as in NATS: `*` is any one part, `>` all that follow. */
export function matchesTopic(pattern: string, topic: string): boolean {
  const parts = topic.split('.')
  const wanted = pattern.split('.')
  const isOpen = wanted.at(-1) === '>'
  if (isOpen ? parts.length < wanted.length : parts.length !== wanted.length) return false
  return wanted.every(
    (part, index) => part === '*' || part === parts[index] || (isOpen && index === wanted.length - 1),
  )
}
