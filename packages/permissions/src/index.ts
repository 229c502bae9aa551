export { understand } from './call/call.js'
export { type Call } from './call/action.js'
export { type Action } from './call/action.js'
export {
  ceilingText,
  grant,
  isWithin,
  mostRestricted,
  narrower,
  readCeiling,
  type Authority,
  type ClosedList,
} from './rules/ceiling.js'
export { maskSecrets } from './masking/mask-secrets.js'
export { placeOnDisk, type Place } from './places/place.js'
export { type Decision } from './rules/decision.js'
export { decide, type Policy } from './rules/preset.js'
export { parseRule, readRule, type Rule } from './rules/read-rule.js'
export { namesTool, noRules, type Rules } from './rules/rule.js'
