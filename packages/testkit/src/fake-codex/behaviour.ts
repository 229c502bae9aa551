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
  /** Sends a request that no client knows, and waits for its answer. */
  'unknown-request',
  /** Reports that a turn has begun before it answers `turn/start`. */
  'begins-early',
  /** Refuses the first steering message as too late. */
  'refuses-steering',
  'never-ends-a-turn',
  'never-leaves-a-thread',
  'refuses-second-thread',
  'hangs-at-second-thread',
  /** Starts each thread after its first a moment late. */
  'late-second-thread',
  /** Refuses to revert a thread, and to fork one from before its end. */
  'refuses-rewind',
] as const
/** What a fake `codex` does: it speaks as 0.169 does, or misbehaves in one way. */
export type FakeCodexBehaviour = (typeof behaviours)[number]

/** The environment variable that carries the behaviour to the script of a fake `codex`. */
export const behaviourVariable = 'FAKE_CODEX_BEHAVIOUR'

/** Reads the behaviour of a fake `codex` from its variable. Default: well-behaved. */
export function readBehaviour(text: string | undefined): FakeCodexBehaviour {
  return behaviours.find((behaviour) => behaviour === text) ?? 'well'
}
