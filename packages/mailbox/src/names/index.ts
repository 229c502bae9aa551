export { mailName } from './mail-name.js'
export { mailProject } from './mail-project.js'
export { mailNamesFor } from './names-for.js'
