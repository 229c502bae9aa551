const behaviours = [
  'well',
  'dies-before-first-line',
  'hangs-at-initialize',
  'refuses-to-initialize',
  'hangs-at-thread-start',
  'hangs-in-turn',
  'half-line',
  'oversized-line',
  'rubbish',
  /** Asks something that nobody knows, and waits for the answer. */
  'unknown-request',
  /** Says that a turn has begun before it has answered the request for it. */
  'begins-early',
  /** Has the first message into a turn come too late for it. */
  'refuses-steering',
  'never-ends-a-turn',
  'never-leaves-a-thread',
  'refuses-second-thread',
  'hangs-at-second-thread',
  /** Takes a moment for each thread after its first. */
  'late-second-thread',
  /** Neither reverts a thread nor forks one from before its end. */
  'refuses-rewind',
] as const
/** What a fake `codex` does: it speaks as 0.169 does, or misbehaves in one way. */
export type FakeCodexBehaviour = (typeof behaviours)[number]

/** The environment variable that carries the behaviour to the script. */
export const behaviourVariable = 'FAKE_CODEX_BEHAVIOUR'

/** What the variable says; well-behaved when it says nothing. */
export function readBehaviour(text: string | undefined): FakeCodexBehaviour {
  return behaviours.find((behaviour) => behaviour === text) ?? 'well'
}
