/** The clocks of a fleet's servers may differ by this much, in milliseconds. */
export const longestDrift = 60_000
