/**
 * Options of a test or a `describe` that does not run everywhere. tooling/vitest-config/tags.mjs says where each runs;
 * `npm test` says at its end how many were skipped, and why.
 */

/** It takes long and repeats, often on another CLI, what other tests show: for CI and the soak. */
export const thorough = { tags: ['thorough'] }

/** It needs a `nats-server`. */
export const needsNats = { tags: ['nats'] }

/** It repeats on a CLI that starts slowly what CI shows on the others: for the soak. */
export const soakOnly = { tags: ['soak'] }

/** It runs opencode or qwen, which CI and the soak install (e2e/acp-agents). */
export const needsAcpAgents = { tags: ['thorough', 'acp-agents'] }
