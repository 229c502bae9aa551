export { checkDefinitionAbilities, type DriverForDefinition } from './check-abilities.js'
export { composeAgentPrompt, tokenCount } from './compose-prompt.js'
export { definitionHash } from './definition-hash.js'
export {
  isProviderPlaceholder,
  type AgentDefinition,
  type SkillOrExpertise,
  type DefinitionPoolSettings,
} from './definition.js'
export { findDefinition, listDefinitions, type ListedDefinition } from './find-definition.js'
export { newDefinitionText } from './new-definition.js'
export { yamlOffsetOf } from './reading/yaml-offset.js'
export { parseFrontmatter } from './reading/parse-frontmatter.js'
export { watchFolders } from './watch-folders.js'
export {
  searchFoldersOf,
  userConfigFolder,
  userHome,
  type DefinitionFolder,
  type SearchFolders,
} from './places.js'
export { readDefinitionText } from './reading/read-text-file.js'
