import { z } from 'zod'

/**
 * A schema for a list in which no two items are the same thing; the repeated item is the mistake, not the list.
 *
 * @param keyOf what makes an item that thing; items that could not be read have no key
 * @param repeats the mistake's line for an item, which the item at `first` already names
 */
export function distinct<Item extends z.ZodType>(
  item: Item,
  keyOf: (item: z.output<Item>) => string | undefined,
  repeats: (item: z.output<Item>, first: number) => string
) {
  return z.array(item).superRefine(
    (items, context) => {
      const firsts = new Map<string, number>()
      for (const [index, item] of items.entries()) {
        const key = item === undefined || item === null ? undefined : keyOf(item)
        if (key === undefined) continue
        const first = firsts.get(key)
        if (first === undefined) firsts.set(key, index)
        else context.addIssue({ code: 'custom', path: [index], message: repeats(item, first) })
      }
    },
    // Also when an item could not be read: every mistake is reported at once.
    { when: ({ value }) => Array.isArray(value) }
  )
}

/**
 * A schema for a list of ids or names, none of them twice.
 *
 * @param list the list's own key, for the mistake's line
 */
export function distinctTexts<Item extends z.ZodType<string>>(item: Item, list: string) {
  return distinct(
    item,
    text => text,
    (text, first) => `names ${text} again. Remove it: ${list}[${first}] has it already.`
  )
}
