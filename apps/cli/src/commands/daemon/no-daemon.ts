import type { Saying } from '../../terminal/say.js'

/** That none runs is nothing to worry about. */
export function noDaemon(data: object): Saying {
  return { text: 'no daemon runs; one starts by itself when it is needed', data }
}
