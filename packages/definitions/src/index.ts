export { checkAbilities, type DefinitionDriver } from './check-abilities.js'
export { composeAgentPrompt, tokenCount } from './compose-prompt.js'
export { definitionHash } from './definition-hash.js'
export {
  isProviderWord,
  type AgentDefinition,
  type SkillOrExpertise,
  type PoolDefinitionKeys,
} from './definition.js'
export { findDefinition, listDefinitions, type ListedDefinition } from './find-definition.js'
export { newDefinitionText } from './new-definition.js'
export { yamlOffsetOf } from './reading/yaml-offset.js'
export { parseFrontmatter } from './reading/parse-frontmatter.js'
export { watchFolders } from './watch-folders.js'
export { placesOf, userConfigFolder, userHome, type DefinitionFolder, type AgentFolders } from './places.js'
export { readDefinitionText } from './reading/read-text-file.js'
