import type { ClosedList } from './ceiling.js'
import type { Decision } from './decision.js'
import type { CallPlace } from '../places/place.js'
import { isOneMcpTool } from './tool-names.js'
import { ruleMatches } from './rule.js'
import type { CallAction, UnderstoodCall } from '../call/action.js'

/** An action, what becomes of it without the list, and whether a deny or an ask rule is about it. */
type Listed = { action: CallAction; call: UnderstoodCall; place: CallPlace; open: Decision; ruled: boolean }

/**
 * What the list lets pass of what would pass, or of what its giver could have said yes to. One tool of an MCP server that
 * it names passes in every preset. All else is denied: nobody is asked.
 */
export function decideClosed({ by, allow }: ClosedList, { open, ruled, ...about }: Listed): Decision {
  const fits = allow.filter((rule) => ruleMatches(rule, { ...about, purpose: 'allow' }))
  const [rule] = fits
  if (!rule) return open.verdict === 'deny' ? open : { verdict: 'deny', by: 'not among its allowed tools' }
  const couldBeAnswered =
    by === 'host' &&
    !ruled &&
    ((open.verdict === 'ask' && !open.humanOnly) || fits.some(({ tool }) => isOneMcpTool(tool)))
  if (open.verdict === 'allow' || couldBeAnswered)
    return { verdict: 'allow', by: `allowed tool ${rule.text}` }
  return { verdict: 'deny', by: open.by }
}
