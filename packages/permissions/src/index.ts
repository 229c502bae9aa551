export { understand, type Action, type Call } from './call.js'
export {
  ceilingText,
  grant,
  isWithin,
  mostRestricted,
  narrower,
  presets,
  readCeiling,
  type Authority,
} from './ceiling.js'
export { placeOnDisk, type Place } from './place.js'
export { decide, type Decision, type Policy } from './preset.js'
export { parseRule, readRule, type Rule } from './read-rule.js'
export { noRules, type Rules } from './rule.js'
