export { mailName } from './mail-name.js'
export { mailProject } from './mail-project.js'
export { namesFor } from './names-for.js'
