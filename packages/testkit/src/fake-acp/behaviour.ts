const behaviours = [
  /** Behaves as Gemini CLI does. */
  'well',
  /** As newer ACP agents: config options list the models; reports usage and costs, and closes sessions. */
  'newer',
  /** Has no models, no modes and no earlier sessions, and reports no usage. */
  'plain',
  'wants-sign-in',
  'dies-before-first-line',
  'hangs-at-initialize',
  'refuses-initialize',
  'hangs-at-session',
  'refuses-session',
  'refuses-second-session',
  'hangs-at-second-session',
  /** Opens each session after its first a moment late. */
  'late-second-session',
  /** Sends the history of a loaded session only after the answer to `session/load`. */
  'late-history',
  /** Receives a cancel and does nothing. */
  'ignores-cancel',
  /** Ignores SIGTERM, as does its grandchild in a process group of its own. */
  'ignores-term',
  'half-line',
  'huge-line',
  'oversized-line',
  'rubbish',
  'answers-twice',
  'unknown-request',
  /** Sends text and permission requests for a session that does not exist. */
  'other-session',
  /** Offers to allow a tool always, and no other choice. */
  'allows-always',
] as const
/** What a fake ACP agent does: it behaves as one of the real ones, or misbehaves in one way. */
export type FakeAcpBehaviour = (typeof behaviours)[number]

/** The environment variable that carries the behaviour to the script of a fake ACP agent. */
export const behaviourVariable = 'FAKE_ACP_BEHAVIOUR'

/** Reads the behaviour of a fake ACP agent from its variable. Default: well-behaved. */
export function readBehaviour(text: string | undefined): FakeAcpBehaviour {
  return behaviours.find((behaviour) => behaviour === text) ?? 'well'
}
