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
export { networkUse, type NetworkUse } from './effects/network-use.js'
export { isCredential } from './places/credentials.js'
export { fitsGlob } from './places/glob.js'
export { createDiskCallPlace, resolvePath, type CallPlace } from './places/place.js'
export { decideToolCall, type CallDecision, type PermissionPolicy } from './rules/preset.js'
export { parseRule, readRule, type PermissionRule } from './rules/read-rule.js'
export { namesTool, noRules, type PermissionRules } from './rules/rule.js'
