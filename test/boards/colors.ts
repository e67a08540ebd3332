/** The names of colors that the boards use, as Grafana's light theme has them. */
const named: Readonly<Record<string, string>> = {
  green: '#56a64b',
  red: '#e02f44',
  orange: '#ff780a',
  blue: '#3274d9',
  transparent: 'transparent'
}

/** Colors of lines, in the order of Grafana's classic palette. */
export const palette = ['#56a64b', '#f2cc0c', '#3274d9', '#ff780a', '#e02f44', '#8f3bb8', '#0a50a1', '#6ed0e0']

/** A color by its name or its hexadecimal value. */
export function colorOf(name: string): string {
  return named[name] ?? name
}

/** The color of the last step that a value reaches. */
export function colorAt(
  value: number,
  steps: readonly { readonly value: number | null; readonly color: string }[]
): string {
  return colorOf(steps.findLast(step => step.value === null || value >= step.value)?.color ?? 'blue')
}
