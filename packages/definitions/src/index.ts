export { checkDefinitionAbilities, type DriverForDefinition } from './check-abilities.js'
export { composeAgentPrompt, estimateTokenCount } from './compose-prompt.js'
export { hashDefinition } from './definition-hash.js'
export {
  isProviderPlaceholder,
  type AgentDefinition,
  type SkillOrExpertise,
  type DefinitionPoolSettings,
} from './definition.js'
export { findDefinition, listDefinitions, type ListedDefinition } from './find-definition.js'
export { createDefinitionText } from './new-definition.js'
export { findYamlOffset } from './reading/yaml-offset.js'
export { parseFrontmatter } from './reading/parse-frontmatter.js'
export { watchFolders } from './watch-folders.js'
export {
  listSearchFolders,
  getUserConfigFolder,
  getUserHomeFolder,
  type DefinitionFolder,
  type SearchFolders,
} from './places.js'
export { readDefinitionText } from './reading/read-text-file.js'
