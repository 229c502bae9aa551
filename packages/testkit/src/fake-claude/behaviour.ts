const behaviours = [
  'well',
  /** Names no messages in its results, but replays them, as 2.1.197 does. */
  'older',
  'dies-before-first-line',
  'hangs-at-handshake',
  'refuses-handshake',
  'dies-after-first-line',
  /** Writes more lines in the same bytes that say that it is ready. */
  'speaks-at-once',
  /** Ignores SIGTERM, as does its grandchild in a process group of its own. */
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
  /** Acknowledges an interrupt, and does not end the turn. */
  'never-ends-a-turn',
  /** Clears the conversation a moment late. */
  'late-reset',
  'never-resets',
  'refuses-reset',
  'dies-at-reset',
  /** Writes the result of the turn before a second time, after its reset. */
  'result-after-reset',
  'refuses-rewind',
] as const
/** What a fake `claude` does: it behaves as 2.1.3xx or as the older versions, or misbehaves in one way. */
export type FakeClaudeBehaviour = (typeof behaviours)[number]

/** The environment variable that carries the behaviour to the script of a fake `claude`. */
export const behaviourVariable = 'FAKE_CLAUDE_BEHAVIOUR'

/** Reads the behaviour of a fake `claude` from its variable. Default: well-behaved. */
export function readBehaviour(text: string | undefined): FakeClaudeBehaviour {
  return behaviours.find((behaviour) => behaviour === text) ?? 'well'
}
