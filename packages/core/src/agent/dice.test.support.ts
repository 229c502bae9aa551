/** Returns a whole number from 0 to below `below`. */
export type Dice = (below: number) => number

/** Creates dice that give the same numbers for the same seed. */
export function createDice(seed: number): Dice {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}
