const behaviours = [
  /** As Gemini CLI does. */
  'well',
  /** Lists its models as config options, says what it used in the draft's field and what its sessions have cost, and closes them. */
  'newer',
  /** Has no models, no modes and no earlier sessions, and does not say what it used. */
  'plain',
  'wants-sign-in',
  'dies-before-first-line',
  'hangs-at-initialize',
  'refuses-initialize',
  'hangs-at-session',
  'refuses-session',
  'refuses-second-session',
  'hangs-at-second-session',
  /** Takes a moment for each session after its first. */
  'late-second-session',
  /** Tells the history of a loaded session only after it has said that it is loaded. */
  'late-history',
  /** Takes a cancel and does nothing. */
  'ignores-cancel',
  /** Its TERM does nothing, and a grandchild in a process group of its own ignores it too. */
  'ignores-term',
  'half-line',
  'huge-line',
  'oversized-line',
  'rubbish',
  'answers-twice',
  'unknown-request',
  /** Speaks and asks in the name of a session that nobody has. */
  'other-session',
  /** Offers to allow a tool for good, and in no other way. */
  'allows-always',
] as const
/** What a fake ACP agent does: it speaks as one of the real ones does, or misbehaves in one way. */
export type FakeAcpBehaviour = (typeof behaviours)[number]

/** The environment variable that carries the behaviour to the script. */
export const behaviourVariable = 'FAKE_ACP_BEHAVIOUR'

/** What the variable says; well-behaved when it says nothing. */
export function readBehaviour(text: string | undefined): FakeAcpBehaviour {
  return behaviours.find((behaviour) => behaviour === text) ?? 'well'
}
