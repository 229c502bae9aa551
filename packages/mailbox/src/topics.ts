/** The pattern of an agent that gets events of every topic about its own project. */
export const ownEvents = 'project:>'

type Event = { topic: string; project?: string }

/** Whether a pattern of an agent that works on `project` names an event. */
export function namesEvent(pattern: string, event: Event, project: string): boolean {
  if (!pattern.startsWith(ownProject)) return matchesTopic(pattern, event.topic)
  const isOwn = event.project === undefined || event.project === project
  return isOwn && matchesTopic(pattern.slice(ownProject.length), event.topic)
}

const ownProject = 'project:'

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
