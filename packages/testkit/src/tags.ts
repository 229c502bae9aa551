/**
 * Options of a test or a `describe` that does not run everywhere. tooling/vitest-config/tags.mjs says where each runs;
 * `npm test` says at its end how many were skipped, and why.
 */

/** Vitest options for long tests that repeat what other tests show, often on another CLI. They run in CI and the soak. */
export const thorough = { tags: ['thorough'] }

/** Vitest options for tests that need a `nats-server`. */
export const needsNats = { tags: ['nats'] }

/** Vitest options for tests that repeat on a slow CLI what CI shows on others. They run in the soak. */
export const soakOnly = { tags: ['soak'] }

/** Vitest options for tests on opencode or qwen, which CI and the soak install (e2e/acp-agents). */
export const needsAcpAgents = { tags: ['thorough', 'acp-agents'] }
