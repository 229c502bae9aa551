const behaviours = [
  'well',
  /** Names no messages in its results: only repeats them, as 2.1.197 does. */
  'older',
  'dies-before-first-line',
  'hangs-at-handshake',
  'refuses-handshake',
  'dies-after-first-line',
  /** Has more to say in the very bytes that say it is ready. */
  'speaks-at-once',
  /** Its TERM does nothing, and a grandchild in a process group of its own ignores it too. */
  'ignores-term',
  'hangs-in-turn',
  'half-line',
  'huge-line',
  'oversized-line',
  'dies-mid-turn',
  'rubbish',
  'late-result',
  'wrong-uuid',
  'result-twice',
  'own-turn',
  'unknown-request',
  'answers-no-request',
  /** Says yes to an interrupt, and does not end the turn. */
  'never-ends-a-turn',
  /** Takes a moment to clear the conversation. */
  'late-reset',
  'never-resets',
  'refuses-reset',
  'dies-at-reset',
  /** Says once more, when it has reset, how the turn before ended. */
  'result-after-reset',
  'refuses-rewind',
] as const
/** What a fake `claude` does: it speaks as 2.1.3xx or as the older versions do, or misbehaves in one way. */
export type FakeClaudeBehaviour = (typeof behaviours)[number]

/** The environment variable that carries the behaviour to the script. */
export const behaviourVariable = 'FAKE_CLAUDE_BEHAVIOUR'

/** What the variable says; well-behaved when it says nothing. */
export function readBehaviour(text: string | undefined): FakeClaudeBehaviour {
  return behaviours.find((behaviour) => behaviour === text) ?? 'well'
}
