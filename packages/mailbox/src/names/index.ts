export { convertToMailName } from './mail-name.js'
export { getMailProjectId } from './mail-project.js'
export { listHostMailNames } from './host-mail-names.js'
