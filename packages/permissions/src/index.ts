export { understandCall } from './call/call.js'
export { type CallAction, type UnderstoodCall } from './call/action.js'
export {
  ceilingText,
  limitAuthority,
  isAuthorityWithin,
  mostRestricted,
  narrowerPreset,
  readCeiling,
  type Authority,
  type ClosedList,
} from './rules/ceiling.js'
export { maskSecrets } from './masking/mask-secrets.js'
export { placeOnDisk, type CallPlace } from './places/place.js'
export { decide, type Decision, type Policy } from './rules/preset.js'
export { parseRule, readRule, type PermissionRule } from './rules/read-rule.js'
export { namesTool, noRules, type Rules } from './rules/rule.js'
