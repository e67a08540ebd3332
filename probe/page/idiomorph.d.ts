/** What the probe serves beside the page's script, out of the package of that name. */
export { Idiomorph } from 'idiomorph/dist/idiomorph.esm.js'
