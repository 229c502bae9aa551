/**
 * The options of a test, or of a `describe`, that takes long and shows again, or on another CLI, what others show: it
 * runs in CI and in the soak, and is left out at a desk. `tooling/vitest-config` decides, `npm test` tells how many.
 */
export const thorough = { tags: ['thorough'] }
