import type { State } from '../cases/state.ts'

/** A color that is seen on a light and on a dark tab, and a shape: state is not shown by color alone. */
const drawings: Readonly<Record<State, { readonly fill: string; readonly shape: string }>> = {
  healthy: { fill: '#17813f', shape: '<path d="M4.5 8.5l2.5 2.5 4.5-5"/>' },
  degraded: { fill: '#c27a00', shape: '<path d="M8 4v5M8 11.5v.5"/>' },
  failing: { fill: '#c9251f', shape: '<path d="M5 5l6 6M11 5l-6 6"/>' },
  unknown: { fill: '#6a7078', shape: '<path d="M6 6a2 2 0 1 1 2.6 1.9L8 9.2M8 11.8v.2"/>' }
}

/** The icon of the page's tab: the worst state of all hosts, as an address that has the image in it. */
export function icon(state: State): string {
  const { fill, shape } = drawings[state]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="${fill}"/><g fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round">${shape}</g></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
