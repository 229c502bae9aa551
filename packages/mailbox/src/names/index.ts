export { mailName } from './mail-name.js'
export { getMailProjectId } from './mail-project.js'
export { listHostMailNames } from './names-for.js'
