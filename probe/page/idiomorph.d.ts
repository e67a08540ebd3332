/** A module of the package of that name, which the probe serves with the script of the page. */
export { Idiomorph } from 'idiomorph/dist/idiomorph.esm.js'
