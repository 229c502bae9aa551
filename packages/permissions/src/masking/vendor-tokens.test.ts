import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { maskSecrets } from './mask-secrets.js'

const lower = 'abcdefghijklmnopqrstuvwxyz'
const letters = `${lower}${lower.toUpperCase()}`
const alphanumeric = `${letters}0123456789`
const wordlike = `${alphanumeric}_-`

const vendors: readonly (readonly [before: string, length: number, alphabet: string])[] = [
  ['hf_', 34, letters],
  ['glpat-', 20, wordlike],
  ['gldt-', 20, wordlike],
  ['ghp_', 36, alphanumeric],
  ['dckr_pat_', 27, wordlike],
  ['npm_', 36, alphanumeric],
  ['sq0atp-', 22, wordlike],
  ['sk_live_', 24, alphanumeric],
  ['GOCSPX-', 28, wordlike],
  ['r8_', 37, alphanumeric],
  ['figd_', 43, wordlike],
  ['gsk_', 52, alphanumeric],
  ['nfp_', 36, alphanumeric],
  ['hvs.', 95, wordlike],
  ['sk.eyJ', 60, alphanumeric],
]

test.each(vendors)('each token of a vendor is masked: %s', (before, length, alphabet) => {
  const seed = randomInt(2 ** 31)
  const next = dice(seed)
  const draw = (from: string, count: number): string =>
    Array.from({ length: count }, () => from.charAt(next(from.length))).join('')
  for (let times = 0; times < 100; times += 1) {
    // By chance a token has no digit at all, or nothing but small letters.
    const body = draw([alphabet, letters, lower][times % 3] ?? alphabet, length)
    const token = `${before}${body}${before.startsWith('sk.') ? `.${draw(wordlike, 22)}` : ''}`
    expect(maskSecrets(`use ${token}, please`), `seed ${seed}: ${token}`).toMatch(
      /^use \[masked(?:: [\w ]+)?\], please$/,
    )
  }
})

/** Creates a generator of pseudo-random numbers below a bound, which are the same for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
