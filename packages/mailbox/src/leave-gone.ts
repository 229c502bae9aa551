import type { Running } from './create-mailbox.js'

/** Has handlers leave that are known to be gone, of one agent or of all: what they hold goes back. */
export async function leaveGone(
  { backing, run, rules }: Pick<Running, 'backing' | 'run' | 'rules'>,
  agent?: string,
): Promise<void> {
  const gone = backing
    .state()
    .handlers(agent)
    .filter((handler) => backing.isGone(handler, handler.keeper))
  if (gone.length === 0) return
  await run({ type: 'leave', instances: gone.map(({ instance }) => instance), maxTries: rules.maxTries })
}
