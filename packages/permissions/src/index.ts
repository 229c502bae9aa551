export { understand } from './call.js'
export { type Call } from './action.js'
export { type Action } from './action.js'
export {
  ceilingText,
  grant,
  isWithin,
  mostRestricted,
  narrower,
  readCeiling,
  type Authority,
  type ClosedList,
} from './ceiling.js'
export { maskSecrets } from './masking/mask-secrets.js'
export { placeOnDisk, type Place } from './place.js'
export { type Decision } from './decision.js'
export { decide, type Policy } from './preset.js'
export { parseRule, readRule, type Rule } from './read-rule.js'
export { namesTool, noRules, type Rules } from './rule.js'
