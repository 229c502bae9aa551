export const ownProjectTopicPattern = 'project:>'

type Event = { topic: string; project?: string }

/** Whether an event matches the topic pattern of an agent that works on `project`. */
export function topicMatchesEvent(pattern: string, event: Event, project: string): boolean {
  if (!pattern.startsWith(ownProject)) return topicMatchesPattern(pattern, event.topic)
  const isOwn = event.project === undefined || event.project === project
  return isOwn && topicMatchesPattern(pattern.slice(ownProject.length), event.topic)
}

const ownProject = 'project:'

/** Whether a topic matches a pattern. As in NATS, `*` is any one part and `>` all that follow. */
export function topicMatchesPattern(pattern: string, topic: string): boolean {
  const parts = topic.split('.')
  const wanted = pattern.split('.')
  const isOpen = wanted.at(-1) === '>'
  if (isOpen ? parts.length < wanted.length : parts.length !== wanted.length) return false
  return wanted.every(
    (part, index) => part === '*' || part === parts[index] || (isOpen && index === wanted.length - 1),
  )
}
